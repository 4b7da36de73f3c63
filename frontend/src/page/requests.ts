// htmx under a strict content policy: the token on every request, refusals and form errors shown in place.
import htmx from 'htmx.org';

import { wake } from './behaviour';
import { csrfToken } from './dom';
import { toast } from './toasts';
import { word } from './words';

interface Requesting {
  headers: Record<string, string>;
  verb: string;
}

interface Swapping {
  xhr: XMLHttpRequest;
  target: HTMLElement;
  shouldSwap: boolean;
  swapOverride?: string;
  requestConfig: { elt?: HTMLElement };
}

export function startRequests(): void {
  Object.assign(htmx.config, {
    allowEval: false,
    allowScriptTags: false,
    includeIndicatorStyles: false,
    selfRequestsOnly: true,
    historyCacheSize: 0,
    responseHandling: [
      { code: '204', swap: false },
      { code: '[23]..', swap: true },
      { code: '409|422', swap: true, error: false },
      { code: '[45]..', swap: false, error: true },
    ],
  });

  document.addEventListener('htmx:configRequest', (event) => {
    const detail = (event as CustomEvent<Requesting>).detail;
    if (detail.verb !== 'get') detail.headers['X-CSRFToken'] = csrfToken();
  });

  // A refusal must not take the place of what it refused: it goes beside it, into the nearest
  // [data-refusals] of the asking element, else among the messages.
  document.addEventListener('htmx:beforeSwap', (event) => {
    const detail = (event as CustomEvent<Swapping>).detail;
    // A request that ended on the sign-in page: go there, rather than put it into a part of this page.
    if (endedAtSignIn(detail.xhr)) {
      detail.shouldSwap = false;
      location.assign(`${word('signIn')}?next=${encodeURIComponent(location.pathname + location.search)}`);
      return;
    }
    if (detail.xhr.status !== 409) return;
    const asker = detail.requestConfig.elt;
    const near = asker?.closest('[data-refusals-here]')?.querySelector<HTMLElement>('[data-refusals]');
    const dialog = asker?.closest('dialog')?.querySelector<HTMLElement>('[data-refusals]');
    const region = dialog ?? near ?? document.getElementById('toasts');
    if (!region) return;
    detail.target = region;
    detail.swapOverride = region.id === 'toasts' ? 'beforeend' : 'innerHTML';
  });

  document.addEventListener('htmx:load', (event) => wake(event.target as HTMLElement));
  document.addEventListener('htmx:sendError', () => toast(word('offline'), 'error'));
  document.addEventListener('htmx:timeout', () => toast(word('offline'), 'error'));
  document.addEventListener('htmx:responseError', (event) => {
    const status = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr.status;
    toast(word(sentenceFor(status)), 'error');
  });
}

/** Whether a request was led to the sign-in page: the person has been signed out, and nothing was done. */
export function endedAtSignIn(xhr: XMLHttpRequest): boolean {
  return xhr.responseURL !== '' && new URL(xhr.responseURL).pathname === word('signIn');
}

/** The name of the sentence for a failed request. */
export function sentenceFor(status: number): string {
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 404) return 'gone';
  if (status === 413) return 'tooLarge';
  if (status === 429) return 'tooMany';
  if (status === 503) return 'away';
  return 'failed';
}
