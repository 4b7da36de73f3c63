// What was filled in and has not arrived yet, kept on this device: answers, photos, and how it stands with them.

/** `typed` is what stands in a form and nobody has sent: it waits for its page to be opened again. */
export type State = 'kept' | 'sending' | 'refused' | 'signed-out' | 'typed';

export interface Draft {
  /** Made here; the server takes the same key once, however often it comes. */
  key: string;
  /** Whose it is: another person at the same device neither sees nor sends it. */
  user: string;
  url: string;
  /** The page of the item, where it is opened again. */
  page: string;
  title: string;
  detail: string;
  done: boolean;
  at: number;
  state: State;
  /** Why it was refused, sentence by sentence. */
  why: string[];
  fields: [string, string | File][];
  /** What was filled in, in words, for a page that no longer asks it. */
  said: [string, string][];
}

const NAME = 'ledgers';
const DRAFTS = 'drafts';

let left = false;
document.addEventListener('ledger:leaving', () => (left = true)); // signing out: nothing is written any more

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(DRAFTS, { keyPath: 'key' });
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close(); // it is being taken off this device
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
}

async function asked<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const change = database.transaction(DRAFTS, mode, { durability: 'strict' });
      const request = ask(change.objectStore(DRAFTS));
      change.oncomplete = () => resolve(request.result);
      change.onerror = () => reject(change.error);
      change.onabort = () => reject(change.error);
    });
  } finally {
    database.close();
  }
}

/** What came of `asking`; nothing where this device keeps nothing (it is full, or its browser forbids it). */
export async function ifKept<T>(asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

/** This person's drafts that are to be sent, the oldest first: in this order they are. */
export async function drafts(user: string): Promise<Draft[]> {
  if (left) return [];
  const all = (await ifKept(asked<Draft[]>('readonly', (store) => store.getAll()))) ?? [];
  return all.filter(({ user: whose, state }) => whose === user && state !== 'typed').sort((a, b) => a.at - b.at);
}

export async function draft(key: string): Promise<Draft | undefined> {
  if (left) return undefined;
  return asked<Draft | undefined>('readonly', (store) => store.get(key));
}

/** Keep it, and nothing of the one `before` that gives way to it: both or neither. Fails where this device keeps
 * nothing.
 */
export async function keep(one: Draft, before = ''): Promise<void> {
  if (left) return;
  await asked('readwrite', (store) => {
    if (before) store.delete(before);
    return store.put(one);
  });
  if (one.state !== 'typed') told();
}

/** Note how it stands with a draft, unless it was discarded or gave way meanwhile: looked up and noted in one. */
export async function note(one: Draft): Promise<void> {
  if (left) return;
  await asked('readwrite', (store) => {
    const there = store.getKey(one.key);
    there.onsuccess = () => {
      if (there.result !== undefined) store.put(one);
    };
    return there;
  });
  told();
}

export async function forget(key: string): Promise<void> {
  if (left) return;
  await asked('readwrite', (store) => store.delete(key));
  told();
}

const CHANGED = 'ledger:drafts';

function told(): void {
  document.dispatchEvent(new CustomEvent(CHANGED));
}

export function onChange(hear: () => void): void {
  document.addEventListener(CHANGED, hear);
}
