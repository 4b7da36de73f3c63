// What is typed into the form of an item and was not sent yet, kept on this device: phones throw a page away
// when the camera opens or the memory is short, and bring it back empty.
import { make } from '../page/dom';
import { word } from '../page/words';
import { draft, forget, ifKept, keep, type Draft } from './store';

const WAIT_MS = 600;

export class Typing {
  readonly key: string;
  private readonly form: HTMLFormElement;
  private readonly now: () => Draft | null;
  private timer = 0;

  /** `now` makes the draft of what the form holds; nothing where nobody changed anything. */
  constructor(form: HTMLFormElement, now: () => Draft | null) {
    this.form = form;
    this.now = now;
    this.key = `typed:${form.dataset['user'] ?? ''}:${form.dataset['page'] ?? ''}`;
    for (const what of ['input', 'change', 'click']) form.addEventListener(what, () => this.soon());
    document.addEventListener('visibilitychange', () => {
      if (document.hidden && this.timer) void this.write(); // the camera, or another app: perhaps for good
    });
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.write(), WAIT_MS);
  }

  private async write(): Promise<void> {
    this.timer = 0;
    const one = this.now();
    if (one) await ifKept(keep({ ...one, key: this.key, state: 'typed' }));
    else if (await this.kept()) await forget(this.key);
  }

  async kept(): Promise<Draft | undefined> {
    return ifKept(draft(this.key));
  }

  /** It is kept or sent in another way now. */
  async end(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = 0;
    await forget(this.key);
  }

  /** Say that it was put back, and let it be thrown away. */
  note(said: string, lines: readonly string[] = []): void {
    const discard = make('button', { type: 'button', class: 'btn btn-link btn-sm' }, word('discard'));
    discard.addEventListener('click', () => void this.end().then(() => location.reload()));
    const told = lines.map((line) => make('span', { class: 'd-block' }, line));
    this.form.prepend(make('div', { class: 'draft-note', role: 'status' }, said, ' ', discard, ...told));
  }
}
