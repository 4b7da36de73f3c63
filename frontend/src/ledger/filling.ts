// Sending the form of an item: kept on this device first, then sent; without a network it waits here.
import { make } from '../page/dom';
import { word } from '../page/words';
import { LiveForm } from './form';
import type { Plan } from './plan';
import { restore } from './reading';
import { send, type Way } from './sending';
import { draft, drafts, forget, ifKept, keep, type Draft } from './store';
import { Typing } from './typing';

function madeKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // plain http has no randomUUID
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function planOf(form: HTMLFormElement): Plan {
  return JSON.parse(form.querySelector('script[type="application/json"]')?.textContent ?? '{}') as Plan;
}

/** A page with the same fields but its own way of sending: only alive. */
export function startPage(form: HTMLElement): void {
  if (form instanceof HTMLFormElement) sendTouched(form, new LiveForm(form, planOf(form)));
}

function sendTouched(form: HTMLFormElement, live: LiveForm): void {
  form.addEventListener('formdata', (event) => event.formData.set('touched', live.touched().join(' ')));
}

export function startFilling(form: HTMLElement): void {
  if (!(form instanceof HTMLFormElement)) return;
  const live = new LiveForm(form, planOf(form));
  const typing = new Typing(form, () => (busy || !live.touched().length ? null : made(form, false, live.inWords())));
  let kept = '';
  let busy = false;
  delete form.dataset['once']; // it is `busy` that keeps a second press from sending
  sendTouched(form, live);
  void open(form, live, typing).then((key) => (kept = key));

  const rest = () => {
    busy = false;
    form.removeAttribute('aria-busy');
  };
  const go = async (done: boolean) => {
    if (busy) return;
    const judged = live.judge(done);
    const touched = new Set(live.touched());
    const faults = judged.faults.filter(({ path }) => done || touched.has(path.split(/[[.]/)[0] ?? ''));
    if (live.showAll(faults)) return;
    busy = true;
    form.setAttribute('aria-busy', 'true');
    const one = made(form, done, live.inWords());
    if (!(await keptHere(form, one, kept))) return rest();
    await typing.end();
    kept = one.key;
    const outcome = await send(one.key);
    rest();
    if (outcome.kind === 'arrived') {
      location.assign(outcome.url || form.dataset['mine'] || '/');
      return;
    }
    tell(form, outcome.kind, outcome.kind === 'refused' ? outcome.why : []);
    bringIntoView(form);
    if (outcome.kind === 'refused') {
      offer(form, outcome.ways);
      live.showAll(outcome.faults);
    } else form.classList.add('is-kept');
  };

  form.addEventListener('submit', (event) => {
    const button = event.submitter as HTMLButtonElement | null;
    if (button?.name !== 'done') return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.querySelector('[data-photos][aria-busy]')) return;
    void go(button.value === '1');
  }, true);
  // Sent from somewhere else meanwhile (the network is back): this page shows what became of it.
  window.addEventListener('ledger:sent', () => {
    if (form.classList.contains('is-kept')) location.assign(form.dataset['mine'] ?? '/');
  });
}

/** Keep it on this device, instead of what was kept `before`. What was said of the one before is taken back at
 * once: this one is not kept yet.
 */
async function keptHere(form: HTMLFormElement, one: Draft, before: string): Promise<boolean> {
  tell(form, 'sending');
  try {
    await keep(one, before);
    return true;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
  if (navigator.onLine) {
    if (before) await ifKept(forget(before)); // else it would be sent later, and undo this one
    sendPlainly(form, one.done);
  } else tell(form, 'unkept');
  return false;
}

/** As a page without a script is sent. */
function sendPlainly(form: HTMLFormElement, done: boolean): void {
  form.append(make('input', { type: 'hidden', name: 'done', value: done ? '1' : '0' }));
  form.submit();
}

/** With these answers other ways may lie open than when the page was made: then they are to be chosen from. */
function offer(form: HTMLFormElement, ways: readonly Way[]): void {
  const field = form.querySelector<HTMLElement>('[data-ways]');
  const rows = field?.querySelector('[data-ways-rows]');
  if (!field || !rows || !ways.length) return;
  const chosen = new FormData(form).get('to');
  field.hidden = ways.length < 2;
  rows.replaceChildren(
    ...(ways.length < 2 ? [] : ways).map(({ code, name }) =>
      make('label', {}, make('input', { type: 'radio', name: 'to', value: code, checked: code === chosen }), make('span', {}, name)),
    ),
  );
}

/** The form of a new item: kept on this device first, and sent once, like all others. */
export function startNew(form: HTMLElement): void {
  if (!(form instanceof HTMLFormElement)) return;
  let kept = new URLSearchParams(location.search).get('draft') ?? '';
  let busy = false;
  delete form.dataset['once'];
  if (kept) void reopen(form, kept);

  const go = async () => {
    if (busy) return;
    busy = true;
    const title = form.querySelector<HTMLInputElement>('input[name="title"]')?.value ?? '';
    const one: Draft = { ...made(form, false), title };
    const isKept = await keptHere(form, one, kept);
    if (isKept) kept = one.key;
    const outcome = isKept && (await send(one.key));
    busy = false;
    if (!outcome) return;
    if (outcome.kind === 'arrived') return location.assign(outcome.url || form.dataset['mine'] || '/');
    tell(form, outcome.kind, outcome.kind === 'refused' ? outcome.why : []);
    bringIntoView(form);
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    void go();
  }, true);
}

async function reopen(form: HTMLFormElement, key: string): Promise<void> {
  const one = await draft(key);
  if (!one || one.user !== form.dataset['user']) return;
  restore(form, one.fields, true);
  tell(form, 'refused', one.why);
}

function made(form: HTMLFormElement, done: boolean, said: [string, string][] = []): Draft {
  const key = madeKey();
  const data = new FormData(form);
  data.set('key', key);
  data.set('done', done ? '1' : '0');
  data.delete('csrfmiddlewaretoken');
  const fields = [...data.entries()].filter(([, value]) => !(value instanceof File) || value.size > 0);
  const { user = '', title = '', detail = '', page = '' } = form.dataset;
  return { key, user, url: form.action, page, title, detail, done, at: Date.now(), state: 'kept', why: [], fields, said };
}

/** Put back what this device has of the form: what was typed last, or what waits to be sent and gives way to
 * what is sent from here. Returns the key of the latter. What the form no longer asks is shown above it.
 */
async function open(form: HTMLFormElement, live: LiveForm, typing: Typing): Promise<string> {
  const { user = '', page = '' } = form.dataset;
  const here = form.querySelector<HTMLInputElement>('input[name="step"]')?.value;
  const isOfHere = (one: Draft) => one.fields.some(([name, value]) => name === 'step' && value === here);
  const asked = new URLSearchParams(location.search).get('draft');
  const own = (await drafts(user)).filter((one) => (asked ? one.key === asked : one.page === page && isOfHere(one)));
  const waiting = own.at(-1);
  const typed = asked ? undefined : await typing.kept();
  const shown = typed ?? waiting;
  if (shown && isOfHere(shown)) {
    restore(form, shown.fields);
    live.refresh();
  }
  if (waiting) {
    const words = isOfHere(waiting) ? [] : waiting.said.map(([label, value]) => `${label}: ${value}`);
    tell(form, waiting.state === 'refused' || waiting.state === 'signed-out' ? waiting.state : 'away', [...waiting.why, ...words]);
    form.classList.toggle('is-kept', waiting.state !== 'refused');
  }
  if (typed && isOfHere(typed)) typing.note(word('restored'));
  else if (typed) typing.note(form.dataset['goneOn'] ?? '', typed.said.map(([label, value]) => `${label}: ${value}`));
  return waiting?.key ?? '';
}

function tell(form: HTMLFormElement, what: string, why: readonly string[] = []): void {
  const region = form.querySelector<HTMLElement>('[data-state]');
  if (!region) return;
  const said = region.dataset[what] ?? '';
  region.className = `ask-state is-${what}`;
  region.replaceChildren(make('strong', {}, said), ...why.map((sentence) => make('span', {}, sentence)));
  if (what === 'away' || what === 'signed-out') region.append(make('a', { class: 'btn', href: form.dataset['mine'] }, region.dataset['list'] ?? ''));
}

/** What became of it is told below a button that stays under the thumb: go there. */
function bringIntoView(form: HTMLFormElement): void {
  form.querySelector('[data-state]')?.scrollIntoView({ block: 'center' });
}
