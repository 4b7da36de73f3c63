// Judges what was answered, and reckons what is to be reckoned. The twin of bihuan/ledgers/definition/answers.py.
import { Context, Outline, parse, type Answers, type Expression, type Fields } from '../expressions/index.ts';
import { cleaned, Unfit } from './cleaning.ts';
import { asks, say, walk, type Choice, type Field, type Plan, type Values } from './plan.ts';

const MOST_ENTRIES = 1000;
type At = Record<string, number>;
type Place = { at: At; holder: Values; spoken: Values };

export interface Fault {
  field: string;
  path: string;
  sentence: string;
}

const read = new Map<string, Expression>();

function parsed(text: string): Expression {
  let found = read.get(text);
  if (!found) read.set(text, (found = parse(text)));
  return found;
}

/** A ledger made ready for judging answers to it. */
export class Rules {
  readonly plan: Plan;
  readonly fields = new Map<string, Field>();
  readonly outline: Outline;
  private readonly parents = new Map<string, string>();
  private readonly labels: Record<string, Record<string, string>> = {};

  constructor(plan: Plan) {
    this.plan = plan;
    this.take(plan.fields, '');
    this.outline = new Outline(inner(plan.fields));
    for (const field of walk(plan.fields)) {
      this.fields.set(field.name, field);
      if (field.list) this.labels[field.name] = Object.fromEntries(this.choices(field).map(({ name, label }) => [name, label]));
    }
  }

  private take(fields: readonly Field[], parent: string): void {
    for (const field of fields) {
      this.parents.set(field.name, parent);
      this.take(field.fields ?? [], field.name);
    }
  }

  field(name: string): Field {
    const found = this.fields.get(name);
    if (!found) throw new Error(`no field ${name}`);
    return found;
  }

  parent(name: string): string {
    return this.parents.get(name) ?? '';
  }

  choices(field: Field): Choice[] {
    return this.plan.lists[field.list ?? ''] ?? [];
  }

  label(field: Field, choice: string): string {
    return this.labels[field.name]?.[choice] ?? choice;
  }

  /** The repeats around a field, the outermost first. */
  around(name: string): string[] {
    const found: string[] = [];
    for (let at = this.parent(name); at; at = this.parent(at)) if (this.field(at).type === 'repeat') found.unshift(at);
    return found;
  }

  /** How an answer is named: plots[2].size. */
  path(name: string, at: At): string {
    const around = this.outline.around.get(name);
    const repeats = Object.keys(at).filter((repeat) => !around || around.includes(repeat));
    return [...repeats.map((repeat) => `${repeat}[${at[repeat]}]`), name].join('.');
  }

  context(spoken: Values, now: number, more: { at?: At; this?: unknown; columns?: Answers | null } = {}): Context {
    const { zone, language } = this.plan;
    return new Context({ outline: this.outline, answers: spoken as Answers, now, zone, language, choices: this.labels, ...more, this: said(more.this ?? '') });
  }
}

/** One set of answers, judged as the server does when it takes them. */
export class Judgement {
  values: Values = {};
  spoken: Values = {};
  readonly gone = new Set<string>();
  private readonly found = new Map<string, Fault>();
  private readonly rules: Rules;
  private readonly now: number;
  private readonly asked: Set<string>;
  private readonly needed: Set<string>;

  constructor(rules: Rules, given: Values, options: { now: number; complete: boolean }) {
    this.rules = rules;
    this.now = options.now;
    this.asked = new Set(options.complete ? rules.plan.asked : []);
    this.needed = new Set(options.complete ? rules.plan.needed : []);
    const before = rules.plan.answers;
    this.values = this.take({ ...before, ...given }, rules.plan.fields, {}, before);
    this.spoken = spokenOf(this.values);
    for (const name of rules.plan.order) this.reckon(rules.field(name));
    for (const name of rules.plan.reading) this.judge(rules.field(name));
  }

  get faults(): Fault[] {
    const { reading } = this.rules.plan;
    return [...this.found.values()].sort((a, b) => reading.indexOf(a.field) - reading.indexOf(b.field));
  }

  /** The choices that may be made of a select, where it stands. */
  offered(field: Field, at: At): Choice[] {
    const filter = field.choice_filter ? parsed(field.choice_filter) : null;
    return this.rules.choices(field).filter((choice) => {
      const columns = { name: choice.name, ...choice.columns } as unknown as Answers;
      return !filter || filter.truth(this.rules.context(this.spoken, this.now, { at, columns }));
    });
  }

  // -- first the types

  private take(given: Values, fields: readonly Field[], at: At, before: Values): Values {
    const found: Values = {};
    for (const field of level(fields)) {
      const { name } = field;
      if (field.type === 'repeat') found[name] = this.entries(field, given[name], at, before[name]);
      else if (asks(field) && field.read_only) {
        if (before[name] !== undefined && before[name] !== null) found[name] = before[name];
      } else if (asks(field)) this.clean(field, given[name], at, found);
      else if (field.type === 'calculate' && before[name] !== undefined && before[name] !== null) found[name] = before[name];
    }
    return found;
  }

  private clean(field: Field, given: unknown, at: At, found: Values): void {
    try {
      const value = cleaned(field, given, this.rules.plan.words, this.rules.plan.zone);
      if (value !== null) found[field.name] = value;
    } catch (unfit) {
      if (!(unfit instanceof Unfit)) throw unfit;
      if (!field.calculation) this.fault(field, at, unfit.message);
    }
  }

  private entries(field: Field, given: unknown, at: At, before: unknown): Values[] {
    if (!Array.isArray(given) || given.length > MOST_ENTRIES) return [];
    const earlier = Array.isArray(before) ? (before as Values[]) : [];
    return (given as Values[]).map((entry, index) => this.take(entry, field.fields ?? [], { ...at, [field.name]: index + 1 }, earlier[index] ?? {}));
  }

  // -- then what is relevant, and what is reckoned

  private reckon(field: Field): void {
    for (const { at, holder, spoken } of this.places(field)) {
      const path = this.rules.path(field.name, at);
      const parent = this.rules.parent(field.name);
      const away = parent && this.gone.has(this.rules.path(parent, at));
      if (away || (field.relevant && !parsed(field.relevant).truth(this.rules.context(this.spoken, this.now, { at })))) {
        this.gone.add(path);
        for (const other of [...this.found.keys()]) if (other === path || other.startsWith(`${path}[`)) this.found.delete(other);
        delete holder[field.name];
        delete spoken[field.name];
      } else if (field.calculation) {
        const context = this.rules.context(this.spoken, this.now, { at, this: holder[field.name] });
        const text = parsed(field.calculation).text(context);
        this.keep(field, at, holder, spoken, text === 'NaN' ? '' : text);
      }
    }
  }

  private keep(field: Field, at: At, holder: Values, spoken: Values, text: string): void {
    delete holder[field.name];
    delete spoken[field.name];
    const kept: Values = {};
    if (field.type !== 'calculate') this.cleanReckoned(field, text, at, kept);
    else if (text) kept[field.name] = text;
    if (kept[field.name] === undefined) return;
    holder[field.name] = kept[field.name];
    spoken[field.name] = said(kept[field.name]);
  }

  private cleanReckoned(field: Field, text: string, at: At, kept: Values): void {
    try {
      const value = cleaned(field, text, this.rules.plan.words, this.rules.plan.zone);
      if (value !== null) kept[field.name] = value;
    } catch (unfit) {
      if (!(unfit instanceof Unfit)) throw unfit;
      this.fault(field, at, unfit.message);
    }
  }

  /** Where a field stands: once, or in each entry of the repeats around it. */
  places(field: Field): Place[] {
    let places: Place[] = [{ at: {}, holder: this.values, spoken: this.spoken }];
    for (const repeat of this.rules.around(field.name)) {
      places = places.flatMap(({ at, holder, spoken }) => {
        const rows = (holder[repeat] ?? []) as Values[];
        const same = (spoken[repeat] ?? []) as Values[];
        return rows.map((row, index) => ({ at: { ...at, [repeat]: index + 1 }, holder: row, spoken: same[index] ?? {} }));
      });
    }
    return places;
  }

  // -- then what must hold

  private judge(field: Field): void {
    const { words } = this.rules.plan;
    for (const { at, holder } of this.places(field)) {
      const path = this.rules.path(field.name, at);
      if (this.gone.has(path) || this.found.has(path) || !(asks(field) || field.type === 'repeat')) continue;
      const value = holder[field.name];
      if (field.repeat_count) this.judgeCount(field, at, Array.isArray(value) ? value.length : 0);
      const context = () => this.rules.context(this.spoken, this.now, { at, this: value });
      if (value === undefined || value === null || (Array.isArray(value) && !value.length)) {
        const plain = () => this.rules.context(this.spoken, this.now, { at });
        if (this.needed.has(field.name) || (this.must(field) && parsed(field.required ?? '').truth(plain()))) this.fault(field, at, field.required_message ?? words['required'] ?? '');
        continue;
      }
      if (field.list) this.judgeChoice(field, at, value);
      if (field.constraint && !parsed(field.constraint).truth(context())) this.fault(field, at, field.constraint_message ?? words['constraint'] ?? '');
    }
  }

  private must(field: Field): boolean {
    if (!field.required) return false;
    for (let name = field.name; name; name = this.rules.parent(name)) if (this.asked.has(name)) return true;
    return false;
  }

  private judgeCount(field: Field, at: At, entries: number): void {
    const wanted = parsed(field.repeat_count ?? '').number(this.rules.context(this.spoken, this.now, { at }));
    if (Number.isNaN(wanted) || Math.trunc(wanted) === entries || !this.asked.has(field.name)) return;
    this.fault(field, at, say(this.rules.plan.words['entries'], { wanted }));
  }

  private judgeChoice(field: Field, at: At, value: unknown): void {
    const offered = new Set(this.offered(field, at).map(({ name }) => name));
    for (const chosen of Array.isArray(value) ? value : [value]) {
      if (!offered.has(String(chosen))) this.fault(field, at, say(this.rules.plan.words['choice'], { choice: this.rules.label(field, String(chosen)) }));
    }
  }

  private fault(field: Field, at: At, sentence: string): void {
    const path = this.rules.path(field.name, at);
    if (!this.found.has(path)) this.found.set(path, { field: field.name, path, sentence });
  }
}

/** The fields as expressions see them: repeats in each other, groups not at all. */
function inner(fields: readonly Field[]): Fields {
  const found: Record<string, Fields | null> = {};
  for (const field of fields) {
    if (field.type === 'group') Object.assign(found, inner(field.fields ?? []));
    else if (field.type !== 'note') found[field.name] = field.type === 'repeat' ? inner(field.fields ?? []) : null;
  }
  return found;
}

/** The fields that stand beside each other; those of groups do. */
function* level(fields: readonly Field[]): Generator<Field> {
  for (const field of fields) {
    if (field.type === 'group') yield* level(field.fields ?? []);
    else yield field;
  }
}

/** A stored answer as expressions read it: several choices are one text with spaces. */
function said(value: unknown): unknown {
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join(' ') : value;
}

function isRepeat(value: unknown): value is Values[] {
  return Array.isArray(value) && (!value.length || typeof value[0] === 'object');
}

function spokenOf(values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, isRepeat(value) ? value.map(spokenOf) : said(value)]));
}
