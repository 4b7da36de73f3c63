// Lets today's pages be opened without a network: a worker for /ledgers/ alone, and pages fetched ahead.
import { behaviour } from '../page/behaviour';
import { make } from '../page/dom';
import { drafts, onChange } from './store';

const PAGES = 'ledgers-pages';
const PARTS = 'ledgers-parts';
const OWNER = '/ledgers/owner';
const STAMP = 'Bihuan-Stamp';
const UNKEPT = '?unkept'; // so the worker leads to today's list instead of a page that is not here
const MOST_PAGES = 60;

/** Whose pages are kept: those of another person are taken away before anything else. */
export async function own(user: string): Promise<void> {
  if (!('caches' in window)) return;
  const kept = await caches.open(PAGES);
  const owner = await (await kept.match(OWNER))?.text();
  if (owner === user) return;
  for (const request of await kept.keys()) await kept.delete(request);
  await kept.put(OWNER, new Response(user));
}

export async function startWorker(): Promise<void> {
  if (!('serviceWorker' in navigator) || !window.isSecureContext) return;
  await navigator.serviceWorker.register('/ledgers/worker.js', { scope: '/ledgers/' });
}

/** Fetch the pages of today's list that are not here, or are older than the item. */
export async function fetchAhead(): Promise<void> {
  if (!('caches' in window) || !navigator.onLine) return;
  const kept = await caches.open(PAGES);
  const here = await kept.match(location.pathname);
  const links = [...document.querySelectorAll<HTMLElement>('[data-keep]')].slice(0, MOST_PAGES);
  await keepParts();
  if (!here) await put(kept, location.pathname);
  for (const link of links) {
    const address = link.dataset['keep'] ?? '';
    const known = await kept.match(address);
    const stamp = known?.headers.get(STAMP)?.split(' ')[0];
    if (stamp !== link.dataset['stamp'] && !(await put(kept, address))) return;
  }
}

/** The scripts and styles of this page: the worker has not seen those that came before it. */
async function keepParts(): Promise<void> {
  const parts = await caches.open(PARTS);
  for (const { name } of performance.getEntriesByType('resource')) {
    if (name.includes('/static/dist/assets/') && !(await parts.match(name))) await put(parts, name, false);
  }
}

async function put(kept: Cache, address: string, marked = true): Promise<boolean> {
  try {
    const response = await fetch(address, marked ? { headers: { Accept: 'text/html' } } : {});
    const may = !marked || (!response.redirected && response.headers.get(STAMP) !== null);
    if (response.ok && may) await kept.put(address, response);
    return response.ok;
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return false; // away again: later
    throw error;
  }
}

/** The bar that says whether the network is there, and what waits on this device. */
export function startBar(user: string): void {
  behaviour('[data-phone-bar]', (bar) => {
    const show = async () => {
      const all = await drafts(user);
      const refused = all.filter(({ state }) => state === 'refused').length;
      const waiting = all.length - refused;
      const said: string[] = [];
      if (!navigator.onLine) said.push((bar.dataset['away'] ?? '').replace('{time}', bar.dataset['at'] ?? ''));
      if (!navigator.onLine && location.search === UNKEPT) said.push(bar.dataset['unkept'] ?? '');
      if (waiting) said.push((bar.dataset['waiting'] ?? '').replace('{count}', String(waiting)));
      if (refused) said.push((bar.dataset['refused'] ?? '').replace('{count}', String(refused)));
      bar.hidden = !said.length;
      bar.classList.toggle('is-refused', refused > 0);
      bar.replaceChildren(...said.map((text) => make('span', {}, text)));
      if (all.length && location.pathname !== bar.dataset['list']) {
        bar.append(make('a', { href: bar.dataset['list'] }, bar.dataset['listLabel'] ?? ''));
      }
    };
    onChange(() => void show());
    window.addEventListener('online', () => void show());
    window.addEventListener('offline', () => void show());
    void show();
  });
}
