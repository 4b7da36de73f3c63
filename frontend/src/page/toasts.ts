// Messages that come and go: Django's messages on arrival, and what a fragment request has to say.
import { behaviour } from './behaviour';
import { icon, make } from './dom';
import { word } from './words';

export type Level = 'info' | 'success' | 'warning' | 'error';

const ICONS: Record<Level, string> = {
  info: 'info-circle',
  success: 'circle-check',
  warning: 'alert-triangle',
  error: 'alert-octagon',
};
const STAYS_MS = 6000;

/** Show a sentence; good news leaves by itself, bad news waits to be closed. */
export function toast(text: string, level: Level = 'info'): void {
  const element = make(
    'div',
    { class: `toast-note toast-${level}`, role: level === 'error' ? 'alert' : 'status', 'data-toast': level },
    icon(ICONS[level]),
    make('p', {}, text),
    make('button', { type: 'button', class: 'btn-close', 'aria-label': word('close'), 'data-toast-close': true }),
  );
  const region = document.getElementById('toasts');
  if (!region) return;
  region.append(element);
  begin(element);
}

function begin(element: HTMLElement): void {
  element.querySelector('[data-toast-close]')?.addEventListener('click', () => element.remove());
  const level = element.dataset['toast'];
  if (level === 'error' || level === 'warning') return;
  let timer = 0;
  const leave = () => (timer = window.setTimeout(() => element.remove(), STAYS_MS));
  for (const stay of ['mouseenter', 'focusin']) element.addEventListener(stay, () => clearTimeout(timer));
  for (const go of ['mouseleave', 'focusout']) element.addEventListener(go, leave);
  leave();
}

export function startToasts(): void {
  behaviour('[data-toast]', begin);
  // A response may carry HX-Trigger: {"toast": {"text": "…", "level": "success"}}.
  document.addEventListener('toast', (event) => {
    const { text, value, level } = (event as CustomEvent<{ text?: string; value?: string; level?: Level }>).detail;
    const sentence = text ?? value;
    if (sentence) toast(sentence, level);
  });
}
