// Patterns for regex(): the common part of what ODK's and browsers' regular expressions know, matched here.
//
// An own small machine: the same pattern means the same on both sides, and none takes longer than its length times
// that of the text. It always matches the whole text. The twin of bihuan/ledgers/expressions/patterns.py.
import { Fault } from './faults.ts';
import { LETTERS } from './letters.ts';

const LARGEST = 1_000; // states
const MOST_TIMES = 500;
const DEEPEST = 20;
const LONGEST_TEXT = 10_000;
const LAST = 0x110000;

type Bounds = number[]; // where a set of signs begins, ends, begins again …

const LINES: Bounds = [10, 11, 13, 14];
const CLASSES: Record<string, Bounds> = {
  d: [48, 58],
  w: [48, 58, 65, 91, 95, 96, 97, 123],
  s: [9, 14, 32, 33, 0xa0, 0xa1, 0x3000, 0x3001],
};
const CONTROLS: Record<string, number> = { t: 9, n: 10, r: 13, f: 12 };
const PUNCTUATION = '\\.^$|()[]{}*+?-/ "\'#&,:;<=>@_`~!%';
const HAN = ['Han', 'IsHan', 'Script=Han', 'sc=Han'];

/** All signs that are not in the set. */
function without(bounds: Bounds): Bounds {
  const inner = bounds[0] === 0 ? bounds.slice(1) : [0, ...bounds];
  return inner.at(-1) === LAST ? inner.slice(0, -1) : [...inner, LAST];
}

function together(sets: Bounds[]): Bounds {
  const ranges: [number, number][] = [];
  for (const bounds of sets) {
    for (let index = 0; index < bounds.length; index += 2) ranges.push([bounds[index] ?? 0, bounds[index + 1] ?? 0]);
  }
  ranges.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  const found: Bounds = [];
  for (const [begin, end] of ranges) {
    const last = found.at(-1);
    if (last !== undefined && begin <= last) found[found.length - 1] = Math.max(last, end);
    else found.push(begin, end);
  }
  return found;
}

function letters(name: string): Bounds {
  let at = 0;
  return (LETTERS[name] ?? '').split(' ').map((step) => (at += parseInt(step, 36)));
}

function has(bounds: Bounds, code: number): boolean {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (code < (bounds[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return (low & 1) === 1;
}

function single(sign: string): Bounds {
  const code = sign.codePointAt(0) ?? 0;
  return [code, code + 1];
}

function isSingle(bounds: Bounds): boolean {
  return bounds.length === 2 && bounds[1] === (bounds[0] ?? 0) + 1;
}

type Part =
  | { is: 'signs'; bounds: Bounds }
  | { is: 'edge'; only: string }
  | { is: 'row'; parts: Part[] }
  | { is: 'either'; parts: Part[] }
  | { is: 'times'; part: Part; least: number; most: number | null };

/** Reads a sign of a set, or without reading goes on to others: always, or only at the start or end. */
interface State {
  signs: Bounds | null;
  next: number[];
  only: string;
}

/** A pattern made ready: `matches(text)` says whether the whole text has its form. */
export class Pattern {
  private readonly text: string[];
  private readonly at: number; // of its first sign in the expression
  private read = 0;
  private depth = 0;
  private readonly states: State[] = [];
  private readonly start: number;

  constructor(text: string, at = 0) {
    this.text = [...text];
    this.at = at;
    const tree = this.choice();
    if (this.read < this.text.length) throw this.unsupported();
    this.states.push({ signs: null, next: [], only: '' }); // the first is the goal
    this.start = this.built(tree, 0);
  }

  matches(text: string): boolean {
    const said = [...text];
    if (said.length > LONGEST_TEXT) return false;
    let present = this.reached([this.start], 0, said.length);
    for (const [index, sign] of said.entries()) {
      const code = sign.codePointAt(0) ?? 0;
      const steps: number[] = [];
      for (const number of present) {
        const state = this.state(number);
        if (state.signs && has(state.signs, code)) steps.push(state.next[0] ?? 0);
      }
      if (!steps.length) return false;
      present = this.reached(steps, index + 1, said.length);
    }
    return present.includes(0);
  }

  private state(number: number): State {
    return this.states[number] as State;
  }

  private reached(numbers: number[], at: number, end: number): number[] {
    const seen = new Set(numbers);
    const waiting = [...seen];
    const found: number[] = [];
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      const state = this.state(number);
      if (state.signs || number === 0) {
        found.push(number);
        continue;
      }
      if ((state.only === '^' && at !== 0) || (state.only === '$' && at !== end)) continue;
      for (const other of state.next) {
        if (seen.has(other)) continue;
        seen.add(other);
        waiting.push(other);
      }
    }
    return found;
  }

  private added(signs: Bounds | null, next: number[], only = ''): number {
    if (this.states.length >= LARGEST) throw new Fault('expression.pattern_too_large', this.at);
    return this.states.push({ signs, next, only }) - 1;
  }

  /** The state from which the part leads to the goal. */
  private built(part: Part, goal: number): number {
    if (part.is === 'signs') return this.added(part.bounds, [goal]);
    if (part.is === 'edge') return this.added(null, [goal], part.only);
    if (part.is === 'row') return part.parts.reduceRight((next, one) => this.built(one, next), goal);
    if (part.is === 'either') return this.added(null, part.parts.map((one) => this.built(one, goal)));
    return this.repeated(part, goal);
  }

  private repeated(part: Part & { is: 'times' }, goal: number): number {
    let next = goal;
    if (part.most === null) {
      next = this.added(null, [goal]);
      this.state(next).next.unshift(this.built(part.part, next));
    } else {
      for (let time = part.least; time < part.most; time += 1) {
        next = this.added(null, [this.built(part.part, next), goal]);
      }
    }
    for (let time = 0; time < part.least; time += 1) {
      const before = next;
      next = this.built(part.part, next);
      if (next === before) break; // an empty group, however often
    }
    return next;
  }

  private unsupported(): Fault {
    return new Fault('expression.pattern_unsupported', this.at + this.read);
  }

  private unfinished(): Fault {
    return new Fault('expression.pattern_unfinished', this.at + this.read);
  }

  private tooLarge(): Fault {
    return new Fault('expression.pattern_too_large', this.at + this.read);
  }

  private peek(ahead = 0): string {
    return this.text[this.read + ahead] ?? '';
  }

  private choice(): Part {
    this.depth += 1;
    if (this.depth > DEEPEST) throw this.tooLarge();
    const first = this.row();
    const rows = [first];
    while (this.peek() === '|') {
      this.read += 1;
      rows.push(this.row());
    }
    this.depth -= 1;
    return rows.length === 1 ? first : { is: 'either', parts: rows };
  }

  private row(): Part {
    const parts: Part[] = [];
    while (!['', '|', ')'].includes(this.peek())) parts.push(this.times(this.one()));
    return parts.length === 1 ? (parts[0] as Part) : { is: 'row', parts };
  }

  private one(): Part {
    const sign = this.peek();
    if (sign === '^' || sign === '$') {
      this.read += 1;
      return { is: 'edge', only: sign };
    }
    if (sign === '(') return this.group();
    if (sign === '[') return { is: 'signs', bounds: this.set() };
    if (sign === '\\') return { is: 'signs', bounds: this.escaped() };
    if ('*+?{}]'.includes(sign)) throw this.unsupported();
    this.read += 1;
    return { is: 'signs', bounds: sign === '.' ? without(LINES) : single(sign) };
  }

  private group(): Part {
    this.read += 1;
    if (this.peek() === '?') {
      if (this.peek(1) !== ':') throw this.unsupported();
      this.read += 2;
    }
    const inner = this.choice();
    if (this.peek() !== ')') throw this.unfinished();
    this.read += 1;
    return inner;
  }

  private times(part: Part): Part {
    const sign = this.peek();
    if (sign === '' || !'*+?{'.includes(sign)) return part;
    if (part.is === 'edge') throw this.unsupported();
    let least = sign === '+' ? 1 : 0;
    let most = sign === '?' ? 1 : null;
    if (sign === '{') [least, most] = this.braces();
    else this.read += 1;
    if (this.peek() === '?') this.read += 1; // as little as possible: the same when the whole text has to match
    if (this.peek() !== '' && '*+?{'.includes(this.peek())) throw this.unsupported();
    return { is: 'times', part, least, most };
  }

  private braces(): [number, number | null] {
    const close = this.text.indexOf('}', this.read);
    if (close < 0) throw this.unfinished();
    const inside = this.text.slice(this.read + 1, close).join('');
    const comma = inside.indexOf(',');
    const first = comma < 0 ? inside : inside.slice(0, comma);
    const second = comma < 0 ? '' : inside.slice(comma + 1);
    if (![first, ...(second ? [second] : [])].every((number) => /^[0-9]{1,4}$/.test(number))) throw this.unsupported();
    const least = Number(first);
    const most = second ? Number(second) : comma < 0 ? least : null;
    if (Math.max(least, most ?? 0) > MOST_TIMES) throw this.tooLarge();
    if (most !== null && most < least) throw this.unsupported();
    this.read = close + 1;
    return [least, most];
  }

  private escaped(): Bounds {
    const sign = this.peek(1);
    if (sign === '') throw this.unfinished();
    if (sign === 'p' || sign === 'P') return this.property(sign);
    if (sign === 'u') return this.code();
    const known = 'dwsDWS'.includes(sign) ? CLASSES[sign.toLowerCase()] : undefined;
    if (known) {
      this.read += 2;
      return sign === sign.toLowerCase() ? known : without(known);
    }
    const control = 'tnrf'.includes(sign) ? CONTROLS[sign] : undefined;
    if (control === undefined && !PUNCTUATION.includes(sign)) throw this.unsupported();
    this.read += 2;
    return control === undefined ? single(sign) : [control, control + 1];
  }

  private code(): Bounds {
    const said = this.text.slice(this.read + 2, this.read + 6).join('');
    if (!/^[0-9a-fA-F]{4}$/.test(said)) throw this.unsupported();
    this.read += 6;
    return [parseInt(said, 16), parseInt(said, 16) + 1];
  }

  private property(sign: string): Bounds {
    const close = this.text.indexOf('}', this.read);
    if (this.peek(2) !== '{' || close < 0) throw this.unsupported();
    const name = this.text.slice(this.read + 3, close).join('');
    const known = HAN.includes(name) ? 'Han' : name;
    if (!Object.hasOwn(LETTERS, known)) throw this.unsupported();
    this.read = close + 1;
    return sign === 'p' ? letters(known) : without(letters(known));
  }

  private set(): Bounds {
    this.read += 1;
    const outside = this.peek() === '^';
    if (outside) this.read += 1;
    if (this.peek() === ']') throw this.unsupported();
    const sets: Bounds[] = [];
    while (this.peek() !== ']') {
      let first = this.member();
      if (isSingle(first) && this.peek() === '-' && this.peek(1) !== ']' && this.peek(1) !== '') {
        this.read += 1;
        const last = this.member();
        if (!isSingle(last) || (last[0] ?? 0) < (first[0] ?? 0)) throw this.unsupported();
        first = [first[0] ?? 0, last[1] ?? 0];
      }
      sets.push(first);
    }
    this.read += 1;
    const bounds = together(sets);
    return outside ? without(bounds) : bounds;
  }

  private member(): Bounds {
    const sign = this.peek();
    if (sign === '') throw this.unfinished();
    if (sign === '\\') return this.escaped();
    if (sign === '[' || (sign === '&' && this.peek(1) === '&')) throw this.unsupported();
    this.read += 1;
    return single(sign);
  }
}
