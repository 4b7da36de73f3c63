// Signing out leaves nothing of ledgers on the device: neither the pages it kept, nor what was not sent.
import { word } from './words';

const DATABASE = 'ledgers';
const PAGES = 'ledgers-pages';
const PATIENCE_MS = 3000;

/** Take the kept pages off this device. */
export async function forgetPages(): Promise<void> {
  if ('caches' in window) await caches.delete(PAGES);
}

async function isThere(): Promise<boolean> {
  if (typeof indexedDB.databases !== 'function') return true; // an old browser: look inside
  return (await indexedDB.databases()).some(({ name }) => name === DATABASE);
}

async function unsent(): Promise<number> {
  if (!(await isThere())) return 0;
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      if (!database.objectStoreNames.contains('drafts')) {
        database.close();
        return resolve(0);
      }
      const count = database.transaction('drafts').objectStore('drafts').count();
      count.onsuccess = () => {
        database.close();
        resolve(count.result);
      };
      count.onerror = () => reject(count.error);
    };
  });
}

function dropped(): Promise<void> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(DATABASE);
    request.onsuccess = request.onerror = () => resolve();
    setTimeout(resolve, PATIENCE_MS); // another page holds it: it goes when that one closes
  });
}

/** Hold the sign-out until the device is clean; ask first where something would be lost. */
async function leave(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const waiting = await unsent().catch(() => 0); // a device that keeps nothing has nothing to lose
  if (waiting && !window.confirm(word('unsent', { count: waiting }))) return;
  document.dispatchEvent(new Event('ledger:leaving'));
  await Promise.allSettled([forgetPages(), dropped()]);
  form.dataset['clean'] = '';
  form.requestSubmit(submitter);
}

export function startLeaving(): void {
  if (location.pathname === word('signIn')) void forgetPages(); // whoever is here is signed out
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset['forgetDrafts'] === undefined) return;
    if (form.dataset['clean'] !== undefined) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void leave(form, event.submitter);
  }, true);
}
