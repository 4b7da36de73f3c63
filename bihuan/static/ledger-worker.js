// The worker of /ledgers/: shows pages that this device has kept when the network is gone, and nothing else.
//
// Only pages that the server marked (Bihuan-Stamp) are kept, by the pages' own script and here; signing out takes
// all of them away (frontend/src/page/leaving.ts). Nothing is sent from here: what was filled in waits in the page.
const PAGES = 'ledgers-pages';
const PARTS = 'ledgers-parts';
const LIST = '/ledgers/mine/';
const STAMP = 'Bihuan-Stamp';
const PATIENCE_MS = 8000;
const MOST_PARTS = 80; // those of older versions of the site go first
const OLDEST_MS = 24 * 60 * 60 * 1000;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(page(request, address));
  else if (address.pathname.startsWith('/static/')) event.respondWith(part(request));
});

/** A page from the network; where that is gone, as it was kept; else today's list, which says so. */
async function page(request, address) {
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (response.ok && !response.redirected && response.headers.get(STAMP) && !address.search) {
      const kept = await caches.open(PAGES);
      if (await kept.match('/ledgers/owner')) await kept.put(address.pathname, response.clone());
    }
    if (response.status === 404 && (await caches.has(PAGES))) await (await caches.open(PAGES)).delete(address.pathname);
    if (response.redirected && new URL(response.url).pathname.startsWith('/account/')) await caches.delete(PAGES);
    return response;
  } catch {
    const known = await keptPage(address.pathname);
    if (known) return known;
    return (await keptPage(LIST)) ? Response.redirect(`${LIST}?unkept`) : Response.error();
  }
}

async function keptPage(path) {
  const known = await caches.match(path, { cacheName: PAGES });
  return known && Date.now() - Date.parse(known.headers.get('Date') ?? '') < OLDEST_MS ? known : null;
}

/** Scripts, styles and icons: their names change with their content, so what is kept is right. */
async function part(request) {
  const kept = await caches.open(PARTS);
  const known = await kept.match(request);
  if (known) return known;
  const response = await fetch(request);
  if (response.ok && new URL(request.url).pathname.includes('/dist/assets/')) await keepPart(kept, request, response.clone());
  return response;
}

async function keepPart(kept, request, response) {
  await kept.put(request, response);
  const all = await kept.keys();
  for (const old of all.slice(0, Math.max(0, all.length - MOST_PARTS))) await kept.delete(old);
}
