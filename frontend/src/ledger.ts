// The script of pages on which items are worked: forms that judge, drafts that wait for a network, kept pages.
import { behaviour, wake } from './page/behaviour';
import { degrees } from './page/dom';
import { toast } from './page/toasts';
import { word } from './page/words';
import { startFilling, startNew, startPage } from './ledger/filling';
import { fetchAhead, own, startBar, startWorker } from './ledger/keeping';
import { startOutbox } from './ledger/outbox';
import { sendAll } from './ledger/sending';

const AGAIN_MS = 30_000;

/** data-here: the own position goes into the field of this id; with data-here-adds as one point more. */
function here(button: HTMLElement): void {
  if (!navigator.geolocation || !window.isSecureContext) return; // stays hidden: it could not work
  button.hidden = false;
  button.addEventListener('click', () => {
    button.setAttribute('aria-busy', 'true');
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.removeAttribute('aria-busy');
        write(button, `${degrees(coords.latitude)} ${degrees(coords.longitude)} 0 ${coords.accuracy.toFixed(1)}`);
      },
      (problem) => {
        button.removeAttribute('aria-busy');
        toast(word(problem.code === problem.PERMISSION_DENIED ? 'locateDenied' : 'locateFailed'), 'warning');
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 10_000 },
    );
  });
}

function write(button: HTMLElement, point: string): void {
  const field = document.getElementById(button.dataset['here'] ?? '');
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
  const before = button.dataset['hereAdds'] !== undefined && field.value.trim() ? `${field.value.trim()}\n` : '';
  field.value = before + point;
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

/** data-album: a photo from the album instead of the camera. */
function album(button: HTMLElement): void {
  const input = document.getElementById(button.dataset['album'] ?? '');
  if (!(input instanceof HTMLInputElement) || !matchMedia('(pointer: coarse)').matches) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    input.removeAttribute('capture');
    input.click();
  });
}

const { user = '' } = document.querySelector<HTMLElement>('[data-phone-bar]')?.dataset ?? {};

async function sendWaiting(): Promise<void> {
  if (!user || document.hidden || !navigator.onLine) return;
  const arrived = await sendAll(user);
  if (arrived) window.dispatchEvent(new Event('ledger:sent'));
}

behaviour('form[data-ledger-form]', startFilling);
behaviour('form[data-ledger-page]', startPage);
behaviour('form[data-ledger-new]', startNew);
behaviour('[data-here]', here);
behaviour('[data-album]', album);
behaviour('[data-outbox]', startOutbox);
if (user) {
  startBar(user);
  window.addEventListener('online', () => void sendWaiting());
  document.addEventListener('visibilitychange', () => void sendWaiting());
  window.setInterval(() => void sendWaiting(), AGAIN_MS);
  void startWorker()
    .then(() => own(user))
    .then(() => sendWaiting())
    .then(() => fetchAhead());
}
wake();
