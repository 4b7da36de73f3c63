// Sends what is kept on this device, one after the other, each until the server has said what became of it.
import { csrfToken } from '../page/dom';
import { word } from '../page/words';
import { forgetPages } from '../page/leaving';
import { draft, drafts, forget, note, type Draft } from './store';

export interface Fault {
  path: string;
  label: string;
  sentence: string;
}

/** Where an item may go from its step. */
export interface Way {
  code: string;
  name: string;
}

/** What became of a draft: it arrived, was refused, or could not be sent now. */
export type Outcome = { kind: 'arrived'; url: string } | { kind: 'refused'; why: string[]; faults: Fault[]; ways: Way[] } | { kind: 'away' } | { kind: 'signed-out' };

const PATIENCE_MS = 60_000;

interface Answer {
  done?: boolean;
  url?: string;
  faults?: Fault[];
  ways?: Way[];
  title?: string;
}

/** Send one draft, `byItself` without anybody asking. This device sends one at a time, whatever page asks: what
 * gave way to a later one while it was on its way must not arrive after it.
 */
export async function send(key: string, byItself = false): Promise<Outcome> {
  if (!navigator.locks) return sendNow(key, byItself); // plain http: the server still takes each key once
  return navigator.locks.request('ledgers:sending', () => sendNow(key, byItself));
}

async function sendNow(key: string, byItself: boolean): Promise<Outcome> {
  const one = await draft(key);
  if (!one) return { kind: 'arrived', url: '' }; // another page has sent it meanwhile
  if (byItself && one.state === 'refused') return { kind: 'refused', why: one.why, faults: [], ways: [] }; // or has been told no
  if (!byItself || one.state !== 'signed-out') await note({ ...one, state: 'sending', why: [] }); // else it would only flicker
  const outcome = await post(one);
  if (outcome.kind === 'arrived') await forget(key);
  else if (outcome.kind === 'refused') await note({ ...one, state: 'refused', why: outcome.why });
  else await note({ ...one, state: outcome.kind === 'away' ? 'kept' : 'signed-out', why: [] });
  return outcome;
}

async function post(one: Draft): Promise<Outcome> {
  const body = new FormData();
  for (const [name, value] of one.fields) {
    if (value instanceof File) body.append(name, value, value.name);
    else body.append(name, value);
  }
  let response: Response;
  try {
    response = await fetch(one.url, {
      method: 'POST',
      body,
      headers: { Accept: 'application/json', 'X-CSRFToken': csrfToken() },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return { kind: 'away' };
    throw error;
  }
  if (new URL(response.url).pathname === word('signIn') || response.status === 401 || response.status === 403) {
    await forgetPages();
    return { kind: 'signed-out' };
  }
  return understood(response);
}

async function understood(response: Response): Promise<Outcome> {
  if (response.status >= 500 || response.status === 429) return { kind: 'away' };
  const isJson = response.headers.get('Content-Type')?.includes('json') ?? false;
  const answer = (isJson ? await response.json() : {}) as Answer;
  if (response.ok && answer.done) return { kind: 'arrived', url: answer.url ?? '' };
  if (response.status === 422) {
    const faults = answer.faults ?? [];
    return { kind: 'refused', faults, ways: answer.ways ?? [], why: faults.map(({ label, sentence }) => (label ? `${label}: ${sentence}` : sentence)) };
  }
  const told = response.status === 404 ? word('gone') : response.status === 413 ? word('tooLarge') : (answer.title ?? word('failed'));
  return { kind: 'refused', faults: [], ways: [], why: [told] };
}

/** Send everything that waits; what was refused waits for its person. Stops where the network is away. */
export async function sendAll(user: string): Promise<number> {
  let arrived = 0;
  for (const one of await drafts(user)) {
    if (one.state === 'refused') continue;
    const { kind } = await send(one.key, true);
    if (kind === 'arrived') arrived += 1;
    if (kind === 'away' || kind === 'signed-out') break;
  }
  return arrived;
}
