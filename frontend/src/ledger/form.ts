// The form of an item, alive: what is relevant, what is reckoned and what is wrong, while somebody types.
import { icon, make } from '../page/dom';
import { wake } from '../page/behaviour';
import { listed } from '../page/words';
import { Judgement, Rules, type Fault } from './judging';
import { walk, type Field, type Plan, type Values } from './plan';
import { addEntry, given, pathOf } from './reading';

const WAIT_MS = 150;

type Sentence = Pick<Fault, 'path' | 'sentence'>;

export class LiveForm {
  readonly form: HTMLFormElement;
  readonly rules: Rules;
  private readonly begun: Values;
  private readonly seen = new Set<string>();
  private timer = 0;

  constructor(form: HTMLFormElement, plan: Plan) {
    this.form = form;
    this.rules = new Rules(plan);
    this.begun = this.given();
    form.addEventListener('input', () => this.soon());
    form.addEventListener('change', (event) => {
      const field = (event.target as Element).closest<HTMLElement>('[data-field]');
      if (field) this.seen.add(pathOf(field));
      this.refresh();
    });
    form.addEventListener('click', (event) => this.entries(event));
    this.refresh();
  }

  given(): Values {
    return given(this.form, this.rules.plan.fields, this.rules.plan.answers);
  }

  /** The fields whose answers this person changed: only these are sent as theirs. */
  touched(): string[] {
    const now = this.given();
    return Object.keys(now).filter((name) => JSON.stringify(now[name]) !== JSON.stringify(this.begun[name]));
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.refresh(), WAIT_MS);
  }

  /** Judge what is there as the server will. `complete`: everything that the step asks must be there. */
  judge(complete: boolean): Judgement {
    return new Judgement(this.rules, this.given(), { now: Date.now(), complete });
  }

  refresh(): void {
    const judged = this.judge(false);
    for (const element of this.form.querySelectorAll<HTMLElement>('[data-field]')) this.apply(element, judged);
    this.mark(judged.faults.filter(({ path }) => this.seen.has(path)));
  }

  private apply(element: HTMLElement, judged: Judgement): void {
    const path = pathOf(element);
    element.hidden = judged.gone.has(path);
    const field = this.rules.fields.get(element.dataset['field'] ?? '');
    if (!field) return;
    const at = atOf(path);
    const place = judged.places(field).find((one) => JSON.stringify(one.at) === JSON.stringify(at));
    const output = element.querySelector('[data-output]');
    if (output) output.textContent = String(place?.holder[field.name] ?? '—');
    if (field.choice_filter) this.offer(element, judged, field, at);
    if (field.label?.includes('${')) this.speak(element, field.label, judged);
  }

  private offer(element: HTMLElement, judged: Judgement, field: Field, at: Record<string, number>): void {
    const offered = new Set(judged.offered(field, at).map(({ name }) => name));
    for (const option of element.querySelectorAll<HTMLElement>('[data-option]')) {
      const away = !offered.has(option.dataset['option'] ?? '');
      option.hidden = away;
      if (option instanceof HTMLOptionElement) option.disabled = away;
    }
  }

  /** A label that names answers says them as they are now. */
  private speak(element: HTMLElement, label: string, judged: Judgement): void {
    const said = element.querySelector(':scope > label [data-said], :scope > fieldset > legend [data-said], :scope > [data-said]');
    if (!said) return;
    said.textContent = label.replace(/\$\{\s*([\w.-]+)\s*\}/g, (_whole, name: string) => {
      const value = judged.values[name];
      const field = this.rules.fields.get(name);
      if (value === undefined || value === null || value === '') return '…';
      const parts = Array.isArray(value) ? value.map(String) : [String(value)];
      return listed(parts.map((part) => (field ? this.rules.label(field, part) : part)));
    });
  }

  /** Show faults at their fields, and take away those that are no more. */
  mark(faults: readonly Sentence[]): HTMLElement | null {
    let first: HTMLElement | null = null;
    const byPath = new Map(faults.map((fault) => [fault.path, fault.sentence]));
    for (const element of this.form.querySelectorAll<HTMLElement>('[data-field]')) {
      const region = element.querySelector(':scope > [data-faults]');
      if (!region) continue;
      const sentence = byPath.get(pathOf(element));
      element.classList.toggle('is-wrong', sentence !== undefined);
      region.replaceChildren(...(sentence === undefined ? [] : [make('p', { class: 'field-error' }, icon('alert-circle'), sentence)]));
      if (sentence !== undefined) first ??= element;
    }
    return first;
  }

  /** Show everything that is wrong and go to the first of it; true when something is. */
  showAll(faults: readonly Sentence[]): boolean {
    for (const { path } of faults) this.seen.add(path);
    const first = this.mark(faults);
    first?.querySelector<HTMLElement>('input:not([type="hidden"]), select, textarea, button')?.focus();
    first?.scrollIntoView({ block: 'center' });
    return faults.length > 0;
  }

  private entries(event: Event): void {
    const button = (event.target as Element).closest<HTMLButtonElement>('[data-more], [data-less]');
    if (!button) return;
    event.preventDefault();
    if (button.dataset['more'] !== undefined) {
      const section = button.closest<HTMLElement>('[data-repeat]');
      const entry = section && addEntry(section);
      if (entry) {
        wake(entry);
        entry.querySelector<HTMLElement>('input:not([type="hidden"]), select, textarea')?.focus();
      }
    } else button.closest('[data-entry]')?.remove();
    this.refresh();
  }

  /** What was changed, in words, for whoever reads it later. */
  inWords(): [string, string][] {
    const { values } = this.judge(false);
    const names = new Set(this.touched());
    const found: [string, string][] = [];
    for (const field of walk(this.rules.plan.fields)) {
      const value = values[field.name];
      if (!names.has(field.name) || value === undefined) continue;
      if (field.type === 'image' || field.type === 'file') continue;
      const isRepeat = field.type === 'repeat' && Array.isArray(value);
      const parts = Array.isArray(value) ? value.map(String) : [String(value)];
      found.push([field.label ?? field.name, isRepeat ? String(value.length) : listed(parts.map((part) => this.rules.label(field, part)))]);
    }
    return found;
  }
}

/** The numbers of the entries that a path names. */
function atOf(path: string): Record<string, number> {
  return Object.fromEntries([...path.matchAll(/([\w.-]*?)\[(\d+)\]\.?/g)].map((hit) => [hit[1] ?? '', Number(hit[2])]));
}
