// Reads an expression into its tree. The twin of bihuan/ledgers/expressions/parser.py.
import { Fault } from './faults.ts';
import { type Called, FUNCTIONS, REFERENCES, REFUSED, WRITTEN_OUT } from './functions.ts';
import { DATE_SIGNS, TIME_SIGNS } from './moments.ts';
import { Pattern } from './patterns.ts';
import { fieldName, REFERENCE, signs, type Token, tokens } from './tokens.ts';
import type { ColumnNode, Node, TextNode } from './tree.ts';

const DEEPEST = 40;
const DEEPEST_FILTER = 2; // each looks at every entry again
const LEVELS = [['or'], ['and'], ['=', '!='], ['<=', '<', '>=', '>'], ['+', '-'], ['*', 'div', 'mod']];

/** One reading of one text. */
export class Parser {
  private readonly tokens: Token[];
  private next = 0;
  private depth = 0;
  private filters = 0;

  constructor(text: string) {
    this.tokens = tokens(text);
  }

  read(): Node {
    if (this.now.kind === 'end') throw new Fault('expression.empty', 0);
    const whole = this.chain(0);
    if (this.now.kind !== 'end') throw this.unjoined();
    return whole;
  }

  private get now(): Token {
    return this.tokens[this.next] as Token;
  }

  private is(...texts: string[]): boolean {
    return (this.now.kind === 'sign' || this.now.kind === 'name') && texts.includes(this.now.text);
  }

  private take(): Token {
    const token = this.now;
    this.next += 1;
    return token;
  }

  private expect(text: string): void {
    if (!this.is(text)) throw this.unjoined();
    this.next += 1;
  }

  private unjoined(): Fault {
    if (this.now.kind === 'end') return new Fault('expression.unfinished', this.now.at);
    return new Fault(this.is('/') ? 'expression.path' : 'expression.operator_expected', this.now.at);
  }

  private chain(level: number): Node {
    const operators = LEVELS[level];
    if (!operators) return this.signed();
    const at = this.now.at;
    const first = this.chain(level + 1);
    const rest: [string, Node][] = [];
    while (this.is(...operators)) {
      const sign = this.take().text;
      rest.push([sign, this.chain(level + 1)]);
    }
    return rest.length ? { is: 'chain', first, rest, at } : first;
  }

  private signed(): Node {
    const at = this.now.at;
    let minus = 0;
    while (this.is('-')) {
      this.next += 1;
      minus = minus === 2 ? 1 : minus + 1; // three are one, so that no row of them is deep
    }
    let value = this.value();
    for (; minus > 0; minus -= 1) value = { is: 'negative', of: value, at };
    return value;
  }

  /** An expression within brackets. */
  private deeper(): Node {
    this.depth += 1;
    if (this.depth > DEEPEST) throw new Fault('expression.too_deep', this.now.at);
    const inner = this.chain(0);
    this.depth -= 1;
    return inner;
  }

  private value(): Node {
    const token = this.take();
    const at = token.at;
    if (token.kind === 'number') return { is: 'number', value: Number(token.text), at };
    if (token.kind === 'text') return { is: 'text', value: token.text.slice(1, -1), at };
    if (token.kind === 'field') return this.field(token);
    if (token.kind === 'name') return this.is('(') ? this.call(token) : { is: 'column', name: token.text, at };
    if (token.text === '(') {
      const inner = this.deeper();
      this.expect(')');
      return inner;
    }
    if (token.text === '.') {
      if (this.filters) throw new Fault('expression.dot_in_filter', at);
      return { is: 'this', at };
    }
    if (token.kind === 'end') throw new Fault('expression.unfinished', at);
    throw new Fault(['..', '/'].includes(token.text) ? 'expression.path' : 'expression.value_expected', at);
  }

  private field(token: Token): Node {
    const name = fieldName(token);
    const conditions: Node[] = [];
    while (this.is('[')) {
      const opening = this.take();
      this.filters += 1;
      if (this.filters > DEEPEST_FILTER) throw new Fault('expression.too_deep', opening.at);
      conditions.push(this.deeper());
      this.filters -= 1;
      this.expect(']');
    }
    let column: ColumnNode | null = null;
    if (this.is('/')) {
      const slash = this.take();
      if (this.now.kind !== 'name') throw new Fault('expression.path', slash.at);
      const within = this.take();
      column = { is: 'column', name: within.text, at: within.at };
    }
    if (!conditions.length && !column) return { is: 'field', name, at: token.at };
    return { is: 'filter', repeat: name, conditions, field: column, at: token.at };
  }

  private call(token: Token): Node {
    const name = token.text;
    const called = FUNCTIONS.get(name);
    if (!called) {
      throw new Fault(REFUSED.has(name) ? 'expression.refused_function' : 'expression.unknown_function', token.at);
    }
    this.next += 1;
    const given: Node[] = [];
    while (!this.is(')')) {
      if (given.length) this.expect(',');
      given.push(name === 'position' ? this.entry() : this.deeper());
    }
    this.next += 1;
    if (!given.length && called.ownValue) {
      if (this.filters) throw new Fault('expression.dot_in_filter', token.at);
      given.push({ is: 'this', at: token.at });
    }
    this.checkNumber(called, given.length, token.at);
    if (name === 'position' && !given.length && !this.filters) throw new Fault('expression.position', token.at);
    const fitted = given.map((part, index) => this.fitted(called, called.kind(index), part));
    return { is: 'call', name, arguments: fitted, at: token.at };
  }

  private checkNumber(called: Called, given: number, at: number): void {
    const fits = called.name === 'indexed-repeat' ? [3, 5, 7].includes(given) : called.least <= given && given <= called.most;
    if (!fits) throw new Fault('expression.arguments', at);
    if (called.paired && given % 2) throw new Fault('expression.paired', at);
  }

  /** What position() takes: .. or current()/.. or a repeat. */
  private entry(): Node {
    const at = this.now.at;
    if (this.now.kind === 'field') return { is: 'field', name: fieldName(this.take()), at };
    if (this.is('..')) {
      if (this.filters) throw new Fault('expression.dot_in_filter', at);
      this.next += 1;
      return { is: 'parent', at };
    }
    if (!this.is('current')) throw new Fault('expression.field_needed', at);
    this.next += 1;
    for (const sign of ['(', ')', '/', '..']) this.expect(sign);
    return { is: 'parent', at };
  }

  private fitted(called: Called, kind: string, part: Node): Node {
    if (WRITTEN_OUT.has(kind)) {
      if (part.is !== 'text') throw new Fault('expression.written_out', part.at);
      if (kind === 'pattern') new Pattern(part.value, part.at + 1);
      else this.checkSigns(called, part);
    }
    if (kind === 'question') {
      const quoted = part.is === 'text' ? REFERENCE.exec(part.value.replace(/^ +| +$/g, '')) : null;
      if (!quoted) throw new Fault('expression.quoted_field', part.at);
      return { is: 'field', name: quoted[1] ?? '', at: part.at };
    }
    if (REFERENCES.has(kind) && part.is !== 'field') throw new Fault('expression.field_needed', part.at);
    return part;
  }

  private checkSigns(called: Called, pattern: TextNode): void {
    const known = called.name === 'format-date' ? DATE_SIGNS : TIME_SIGNS;
    let at = pattern.value.indexOf('%');
    while (at >= 0) {
      const sign = pattern.value.charAt(at + 1);
      if (sign === '' || !known.includes(sign)) {
        throw new Fault('expression.date_sign', pattern.at + 1 + signs(pattern.value.slice(0, at)));
      }
      at = pattern.value.indexOf('%', at + 2);
    }
  }
}
