// Small things on a page: comparing two photos, dialogs, tabs, copying, what is left of a limit.
import { behaviour } from './behaviour';
import { toast } from './toasts';
import { language, word } from './words';

/** data-compare: two photos on top of each other, and a slider that uncovers the second. */
function compare(element: HTMLElement): void {
  const slider = element.querySelector<HTMLInputElement>('input[type="range"]');
  if (!slider) return;
  const show = () => element.style.setProperty('--uncovered', `${slider.value}%`);
  slider.addEventListener('input', show);
  slider.hidden = false;
  element.classList.add('is-live');
  show();
}

/** data-open="#id" opens that dialog, data-close closes the one it stands in; a click beside it closes too. */
function startDialogs(): void {
  document.addEventListener('click', (event) => {
    if (!(event.target instanceof Element)) return;
    const opener = event.target.closest<HTMLElement>('[data-open]');
    if (opener) {
      const dialog = document.querySelector<HTMLDialogElement>(opener.dataset['open'] ?? '');
      if (dialog) {
        event.preventDefault();
        dialog.showModal();
      }
      return;
    }
    if (event.target.closest('[data-close]')) event.target.closest('dialog')?.close();
    else if (event.target instanceof HTMLDialogElement && event.target.dataset['stay'] === undefined) event.target.close();
  });
  behaviour('dialog[data-open-now]', (dialog) => {
    if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
  });
  // A menu made of <details> closes when the person turns elsewhere.
  document.addEventListener('click', (event) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>('details[data-menu][open]')) {
      if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const menu of document.querySelectorAll<HTMLDetailsElement>('details[data-menu][open]')) {
      menu.open = false;
      menu.querySelector<HTMLElement>('summary')?.focus();
    }
  });
}

/** The tab of this page, where a narrow screen would leave it out of sight. */
function showTab(tab: HTMLElement): void {
  const row = tab.closest<HTMLElement>('.tabs');
  if (!row) return;
  const beyond = tab.getBoundingClientRect().right - row.getBoundingClientRect().right;
  if (beyond > 0) row.scrollLeft = beyond + (row.clientWidth - tab.offsetWidth) / 2;
}

/** data-tabs: links to parts of the page become tabs (arrow keys, Home, End). */
function tabs(element: HTMLElement): void {
  const links = [...element.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')];
  const panels = links.map((link) => document.querySelector<HTMLElement>(link.hash));
  if (!links.length || panels.some((panel) => panel === null)) return;
  element.setAttribute('role', 'tablist');

  const choose = (index: number, focus = false) => {
    links.forEach((link, at) => {
      const chosen = at === index;
      link.setAttribute('aria-selected', String(chosen));
      link.classList.toggle('active', chosen);
      link.tabIndex = chosen ? 0 : -1;
      const panel = panels[at];
      if (panel) panel.hidden = !chosen;
    });
    if (focus) links[index]?.focus();
    panels[index]?.dispatchEvent(new CustomEvent('panel:shown', { bubbles: true }));
  };

  links.forEach((link, index) => {
    const panel = panels[index];
    link.id ||= `tab-${link.hash.slice(1)}`;
    link.setAttribute('role', 'tab');
    link.setAttribute('aria-controls', link.hash.slice(1));
    link.parentElement?.matches('li') && link.parentElement.setAttribute('role', 'presentation');
    panel?.setAttribute('role', 'tabpanel');
    panel?.setAttribute('aria-labelledby', link.id);
    link.addEventListener('click', (event) => {
      event.preventDefault();
      choose(index);
      history.replaceState(history.state, '', link.hash);
    });
    link.addEventListener('keydown', (event) => {
      const last = links.length - 1;
      const to = { ArrowRight: index === last ? 0 : index + 1, ArrowLeft: index === 0 ? last : index - 1, Home: 0, End: last }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      choose(to, true);
    });
  });
  const named = () => links.findIndex((link) => link.hash === location.hash);
  window.addEventListener('hashchange', () => named() >= 0 && choose(named()));
  const asked = named();
  const marked = links.findIndex((link) => link.classList.contains('active'));
  choose(Math.max(asked >= 0 ? asked : marked, 0));
}

/** data-copy="text" or data-copy-from="#id": puts it on the clipboard. */
function copy(button: HTMLElement): void {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const source = button.dataset['copyFrom'] ? document.querySelector<HTMLElement>(button.dataset['copyFrom']) : null;
    const text = source ? (source instanceof HTMLInputElement ? source.value : (source.textContent ?? '').trim()) : (button.dataset['copy'] ?? '');
    toast(word((await toClipboard(text)) ? 'copied' : 'notCopied'), 'success');
  });
}

async function toClipboard(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return true;
  }
  // Plain http on a district's own network has no clipboard API.
  const holder = document.createElement('textarea');
  holder.value = text;
  document.body.append(holder);
  holder.select();
  const done = document.execCommand('copy');
  holder.remove();
  return done;
}

/** <time data-due="ISO">: what is left of a limit, once a minute, in two units at most. */
function left(element: HTMLElement): void {
  const due = Date.parse(element.dataset['due'] ?? '');
  if (Number.isNaN(due)) return;
  const show = () => {
    if (!element.isConnected) return clearInterval(timer);
    const ms = due - Date.now();
    element.textContent = word(ms >= 0 ? 'left' : 'over', { time: length(Math.abs(ms)) });
    if (ms < 0) element.closest('.clock')?.classList.replace('clock-ok', 'clock-over');
    if (ms < 0) element.closest('.clock')?.classList.replace('clock-warn', 'clock-over');
  };
  const timer = window.setInterval(show, 60_000);
  show();
}

function length(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const parts: [number, 'day' | 'hour' | 'minute'][] = [
    [Math.floor(minutes / 1440), 'day'],
    [Math.floor((minutes % 1440) / 60), 'hour'],
    [minutes % 60, 'minute'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  const shown = first < 0 ? parts.slice(2) : parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown
    .map(([count, unit]) => new Intl.NumberFormat(language(), { style: 'unit', unit, unitDisplay: 'long' }).format(count))
    .join(' ');
}

/** data-locate: "my position" fills the form's longitude and latitude. */
function locate(button: HTMLElement): void {
  if (!navigator.geolocation || !window.isSecureContext) return; // stays hidden: it could not work
  button.hidden = false;
  button.addEventListener('click', () => {
    button.setAttribute('aria-busy', 'true');
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.removeAttribute('aria-busy');
        const detail = { lon: coords.longitude, lat: coords.latitude };
        button.dispatchEvent(new CustomEvent('point:chosen', { bubbles: true, detail }));
        toast(word('located', { metres: Math.max(1, Math.round(coords.accuracy)) }), 'success'); // there may be no map to show it
      },
      (problem) => {
        button.removeAttribute('aria-busy');
        toast(word(problem.code === problem.PERMISSION_DENIED ? 'locateDenied' : 'locateFailed'), 'warning');
      },
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 },
    );
  });
}

export function startWidgets(): void {
  startDialogs();
  behaviour('[data-compare]', compare);
  behaviour('[data-tabs]', tabs);
  behaviour('.tabs > li > a[aria-current="page"]', showTab);
  behaviour('[data-copy], [data-copy-from]', copy);
  behaviour('time[data-due]', left);
  behaviour('[data-locate]', locate);
  behaviour('[data-print]', (button) => {
    button.hidden = false;
    button.addEventListener('click', () => print());
  });
}
