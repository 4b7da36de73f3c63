// data-remaining="5000": says under a text how many characters still fit, once it gets near the limit.
//
// The server is the judge; nothing is cut off here. Signs outside the basic plane (𠮷, emoji) count as one.
import { behaviour } from './behaviour';
import { make } from './dom';

const SAID_FROM = 0.8;

function start(element: HTMLElement): void {
  const text = element.querySelector<HTMLTextAreaElement>('textarea');
  const most = Number(element.dataset['remaining']);
  if (!text || !most) return;
  const note = make('p', { class: 'form-hint nums', role: 'status' });
  text.after(note);
  const show = () => {
    const left = most - [...text.value.trim()].length;
    const words = left < 0 ? element.dataset['overText'] : element.dataset['leftText'];
    note.textContent = left < most * (1 - SAID_FROM) ? (words ?? '').replace('{count}', String(Math.abs(left))) : '';
    note.classList.toggle('text-danger', left < 0);
  };
  text.addEventListener('input', show);
  text.addEventListener('change', show);
  show();
}

export function startRemaining(): void {
  behaviour('[data-remaining]', start);
}
