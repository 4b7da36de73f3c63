// What waits on this device, on the page of today's work: with its state in words, and what can be done about it.
import { icon, make } from '../page/dom';
import { language, word } from '../page/words';
import { send } from './sending';
import { drafts, forget, onChange, type Draft } from './store';

const ICONS = { kept: 'device-mobile', typed: 'device-mobile', sending: 'cloud-upload', refused: 'hand-stop', 'signed-out': 'lock' } as const;
const TONES = { kept: 'waiting', typed: 'waiting', sending: 'active', refused: 'over', 'signed-out': 'attention' } as const;

export function startOutbox(section: HTMLElement): void {
  const rows = section.querySelector('[data-outbox-rows]');
  const user = section.dataset['user'] ?? '';
  let shown = new Map<string, HTMLElement>(); // what is as it was stays the same element, under whoever's finger or ear it is
  const show = async () => {
    const all = await drafts(user);
    section.hidden = !all.length;
    shown = new Map(all.map((one) => [JSON.stringify(one), one] as const).map(([said, one]) => [said, shown.get(said) ?? row(section, one)]));
    const now = [...shown.values()];
    if (!rows || (now.length === rows.children.length && now.every((one, place) => one === rows.children[place]))) return;
    rows.replaceChildren(...now);
  };
  onChange(() => void show());
  void show();
}

function row(section: HTMLElement, one: Draft): HTMLElement {
  const words = section.dataset;
  const state = words[one.state] ?? words['kept'];
  const when = new Date(one.at).toLocaleString(language(), { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' });
  const files = one.fields.filter(([, value]) => value instanceof File).length;
  const facts = [one.done ? words['done'] : words['onlyKept'], when, files ? words['photos']?.replace('{count}', String(files)) : ''];
  const item = make('li', { class: `outbox-row is-${one.state}` });
  item.append(
    make('div', { class: 'outbox-line' }, make('a', { class: 'outbox-title', href: `${one.page}?draft=${one.key}` }, one.title), make('span', { class: `status tone-${TONES[one.state]}` }, icon(ICONS[one.state]), state ?? '')),
    make('p', { class: 'text-soft small mb-0' }, one.detail),
    make('p', { class: 'text-soft small mb-0' }, facts.filter(Boolean).join(' · ')),
  );
  if (one.state === 'signed-out') item.append(make('p', { class: 'field-error' }, words['signedOut'] ?? ''));
  for (const sentence of one.why) item.append(make('p', { class: 'field-error' }, icon('alert-circle'), sentence));
  if (one.state !== 'sending') item.append(verbs(section, one));
  return item;
}

function verbs(section: HTMLElement, one: Draft): HTMLElement {
  const words = section.dataset;
  const bar = make('div', { class: 'btn-list' });
  if (one.state === 'refused') {
    bar.append(make('a', { class: 'btn btn-sm btn-primary', href: `${one.page}?draft=${one.key}` }, words['open'] ?? ''));
  }
  if (one.state === 'signed-out') {
    const back = `${word('signIn')}?next=${encodeURIComponent(location.pathname)}`;
    bar.append(make('a', { class: 'btn btn-sm btn-primary', href: back }, words['signIn'] ?? ''));
  }
  const again = make('button', { type: 'button', class: 'btn btn-sm' }, words['again'] ?? '');
  again.addEventListener('click', () => void send(one.key));
  const discard = make('button', { type: 'button', class: 'btn btn-sm btn-link' }, words['discard'] ?? '');
  discard.addEventListener('click', () => {
    if (window.confirm(words['sure'])) void forget(one.key);
  });
  bar.append(again, discard);
  return bar;
}
