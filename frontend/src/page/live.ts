// data-live="URL": keeps a part of the page fresh while somebody is looking at it.
//
// Every ten seconds (data-live-every) while the page is visible, the address is asked with the last ETag:
// 200 swaps the content (data-live-swap="outer" replaces the element itself), 204 and 304 leave it. Content
// that holds [data-live-stop] ends the asking; [data-live-reload] loads the whole page anew.
import htmx from 'htmx.org';

import { behaviour, wake } from './behaviour';
import { hasTicks } from './ticks';
import { toast } from './toasts';
import { word } from './words';

const EVERY_S = 10;
const LONGEST_PAUSE_S = 120;

function busy(element: HTMLElement): boolean {
  const active = document.activeElement;
  const typing = active instanceof HTMLElement && element.contains(active) && active.matches('input, textarea, select');
  return typing || hasTicks(element) || element.querySelector('dialog[open], details[open] form') !== null;
}

function start(element: HTMLElement): void {
  const url = element.dataset['live'];
  if (!url) return;
  const every = Number(element.dataset['liveEvery']) || EVERY_S;
  let pause = every;
  let etag = '';
  let timer = 0;
  let asking = false;

  const stop = () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisible);
  };
  const later = () => {
    clearTimeout(timer);
    timer = window.setTimeout(ask, pause * 1000);
  };

  async function ask(): Promise<void> {
    if (!element.isConnected) return stop();
    if (document.hidden || asking) return;
    if (busy(element)) return later();
    asking = true;
    try {
      const headers: Record<string, string> = { 'HX-Request': 'true', Accept: 'text/html' };
      if (etag) headers['If-None-Match'] = etag;
      const response = await fetch(url as string, { headers, credentials: 'same-origin', cache: 'no-store' });
      if (response.redirected || response.status === 401 || response.status === 403) {
        toast(word('signedOut'), 'warning');
        return stop();
      }
      if (response.status === 404 || response.status === 410) return stop();
      if (response.status === 200) {
        etag = response.headers.get('ETag') ?? '';
        if (swap(await response.text())) return stop();
      }
      pause = response.status < 400 ? every : Math.min(pause * 2, LONGEST_PAUSE_S);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // fetch says TypeError when the network is away
      pause = Math.min(pause * 2, LONGEST_PAUSE_S);
    } finally {
      asking = false;
    }
    later();
  }

  /** Put the new content in; true when there is nothing more to ask for. */
  function swap(html: string): boolean {
    const template = document.createElement('template');
    template.innerHTML = html;
    const content = template.content;
    if (content.querySelector('[data-live-reload]')) {
      location.reload();
      return true;
    }
    const ended = content.querySelector('[data-live-stop]') !== null;
    if (element.dataset['liveSwap'] === 'outer') {
      const fresh = [...content.children] as HTMLElement[];
      element.replaceWith(content);
      for (const one of fresh) settle(one);
      return true; // the new element has its own data-live when it wants to go on
    }
    element.replaceChildren(content);
    settle(element);
    return ended;
  }

  function settle(root: HTMLElement): void {
    htmx.process(root);
    wake(root);
    root.dispatchEvent(new CustomEvent('live:updated', { bubbles: true }));
  }

  function onVisible(): void {
    if (!document.hidden) void ask();
  }
  document.addEventListener('visibilitychange', onVisible);
  if (element.dataset['liveNow'] !== undefined) void ask();
  else later();
}

export function startLive(): void {
  behaviour('[data-live]', start);
}
