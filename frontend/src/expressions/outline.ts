// What an expression is reckoned in: the fields of a ledger, an item's answers, the place among its repeats.
//
// Groups do not nest here; a repeat holds a list of entries. The twin of bihuan/ledgers/expressions/outline.py.
import * as values from './values.ts';

export type Answers = Readonly<Record<string, unknown>>;

export interface Fields {
  readonly [name: string]: Fields | null;
}

/** Which fields there are, and inside which repeats: `{name: null, people: {age: null}}`. */
export class Outline {
  readonly around = new Map<string, string[]>();
  readonly repeats = new Map<string, string[]>();

  constructor(fields: Fields) {
    this.add(fields, []);
  }

  private add(fields: Fields, around: string[]): void {
    for (const [name, inner] of Object.entries(fields)) {
      this.around.set(name, around);
      if (inner) {
        this.repeats.set(name, Object.keys(inner));
        this.add(inner, [...around, name]);
      }
    }
  }
}

/** An answer by its field's name, and nothing that objects have of themselves. */
export function answer(answers: Answers | null, name: string): unknown {
  return answers && Object.hasOwn(answers, name) ? answers[name] : undefined;
}

function entries(answers: Answers, repeat: string): Answers[] {
  const stored = answer(answers, repeat);
  return Array.isArray(stored) ? stored : [];
}

/** Everything an expression may ask for. The same context gives the same result, anywhere and always. */
export interface Given {
  outline: Outline;
  answers: Answers;
  /** Milliseconds since 1970 (UTC). */
  now: number;
  /** The district's offset in minutes. */
  zone?: number;
  language?: string;
  this?: unknown;
  /** In which entry (from 1) of which repeats the field stands, the outermost first. */
  at?: Readonly<Record<string, number>>;
  /** Labels of select fields in the language asked for. */
  choices?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The choice or entry that a filter looks at, and its number. */
  columns?: Answers | null;
  position?: number;
}

export class Context {
  readonly outline: Outline;
  readonly answers: Answers;
  readonly now: number;
  readonly zone: number;
  readonly language: string;
  readonly this: unknown;
  readonly at: ReadonlyMap<string, number>;
  readonly choices: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly columns: Answers | null;
  readonly position: number;
  private readonly given: Given;

  constructor(given: Given) {
    this.given = given;
    this.outline = given.outline;
    this.answers = given.answers;
    this.now = given.now;
    this.zone = given.zone ?? 0;
    this.language = given.language ?? 'en';
    this.this = given.this ?? '';
    this.at = new Map(Object.entries(given.at ?? {}));
    this.choices = given.choices ?? {};
    this.columns = given.columns ?? null;
    this.position = given.position ?? 0;
  }

  /** The same, looking at another entry or choice. */
  looking(columns: Answers, position: number): Context {
    return new Context({ ...this.given, columns, position });
  }

  local(): number {
    return this.now + this.zone * 60_000;
  }

  /** The entries of nested repeats, as seen from here: the own entry where one stands in it, else all. */
  within(repeats: readonly string[]): Answers[] {
    let found: Answers[] = [this.answers];
    for (const repeat of repeats) {
      const own = this.at.get(repeat);
      found = found.flatMap((one) => {
        const rows = entries(one, repeat);
        return own === undefined ? rows : rows.slice(Math.max(own - 1, 0), Math.max(own, 0));
      });
    }
    return found;
  }

  /** All entries of a repeat inside the entries around it. */
  allOf(repeat: string): Answers[] {
    return this.within(this.outline.around.get(repeat) ?? []).flatMap((outer) => entries(outer, repeat));
  }

  /** The entries of nested repeats by their numbers; a number below 1 means the first. */
  indexed(repeats: readonly (readonly [string, number])[]): Answers[] {
    let found: Answers[] = [this.answers];
    for (const [repeat, index] of repeats) {
      const number = Math.abs(index) < 1e9 ? Math.max(Math.trunc(index), 1) : 1;
      found = found.flatMap((outer) => entries(outer, repeat).slice(number - 1, number));
    }
    return found;
  }

  /** The answers that ${name} means here. */
  nodes(name: string): string[] {
    if (this.outline.repeats.has(name)) return this.allOf(name).map(() => '');
    return this.within(this.outline.around.get(name) ?? []).map((one) => values.text(answer(one, name)));
  }
}
