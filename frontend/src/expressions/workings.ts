// How each function works. Values arrive turned into the kinds of its signature, after the context.
//
// What needs more than values (if, position, indexed-repeat, regex, jr:choice-name) is in compiling.ts. The twin of
// bihuan/ledgers/expressions/workings.py.
import * as moments from './moments.ts';
import type { Context } from './outline.ts';
import * as places from './places.ts';
import * as reals from './reals.ts';
import { number, rounded, string, text, type Value } from './values.ts';

/* The table below holds functions of many shapes; each gets what its signature says. */
type Working = (context: Context, ...given: never[]) => Value;

function listed(said: string): string[] {
  return said.split(/[ \t\r\n]+/).filter((part) => part);
}

/** A number as a place in a text or list. */
function whole(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.abs(value) < 1e9 ? Math.trunc(value) : Math.sign(value) * 1e9;
}

function selected(_context: Context, list: string, choice: string): boolean {
  const wanted = choice.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  const all = listed(list);
  return wanted ? all.includes(wanted) : !all.length;
}

function coalesce(_context: Context, first: Value, second: Value): Value {
  const empty = typeof first === 'number' ? Number.isNaN(first) : string(first) === '';
  return empty ? second : first;
}

function isYes(answer: string): boolean {
  return answer === 'yes' || answer === 'true' || number(answer, 0) > 0;
}

function between(least: number, found: number, most: number): boolean {
  return (least < 0 || found >= least) && (most < 0 || found <= most);
}

function checklist(_context: Context, least: number, most: number, ...answers: string[][]): boolean {
  return between(least, answers.flat().filter(isYes).length, most);
}

function weightedChecklist(context: Context, least: number, most: number, ...pairs: string[][]): boolean {
  let found = 0;
  for (let index = 0; index < pairs.length; index += 2) {
    const weights = pairs[index + 1] ?? [];
    (pairs[index] ?? []).slice(0, weights.length).forEach((answer, at) => {
      found += isYes(answer) ? number(weights[at] ?? '', context.zone) : 0;
    });
  }
  return between(least, found, most);
}

function numbers(context: Context, said: string[][]): number[] {
  return said
    .flat()
    .map((one) => number(one, context.zone))
    .filter((value) => !Number.isNaN(value));
}

function chosen(better: (one: number, other: number) => boolean) {
  return (context: Context, ...answers: string[][]): number => {
    const [first = NaN, ...others] = numbers(context, answers);
    return others.reduce((best, one) => (better(one, best) ? one : best), first) + 0;
  };
}

function substr(_context: Context, said: string, start: number, end = Infinity): string {
  const signs = [...said];
  const size = signs.length;
  const [first = 0, last = 0] = [whole(start), whole(end)]
    .map((at) => (at < 0 ? size + at : at))
    .map((at) => Math.min(Math.max(at, 0), size));
  return signs.slice(first, last).join('');
}

function substring(_context: Context, said: string, start: number, length = Infinity): string {
  const first = rounded(start, 0);
  const last = first + rounded(length, 0);
  return [...said].filter((_sign, index) => first <= index + 1 && index + 1 < last).join('');
}

function before(_context: Context, said: string, part: string): string {
  const at = said.indexOf(part);
  return at >= 0 ? said.slice(0, at) : '';
}

function after(_context: Context, said: string, part: string): string {
  const at = said.indexOf(part);
  return at >= 0 ? said.slice(at + part.length) : '';
}

function translate(_context: Context, said: string, from: string, to: string): string {
  const table = new Map<string, string>();
  const others = [...to];
  [...from].forEach((sign, at) => {
    if (!table.has(sign)) table.set(sign, others[at] ?? '');
  });
  return [...said].map((sign) => table.get(sign) ?? sign).join('');
}

function wholeOr(change: (value: number) => number) {
  return (_context: Context, value: number): number => (Number.isFinite(value) ? change(value) + 0 : value);
}

function date(_context: Context, days: number): string {
  return moments.writtenDate(Number.isFinite(days) ? moments.momentOf(Math.floor(days)) : null);
}

function formatted(signs: string) {
  return (context: Context, value: Value, pattern: string): string => {
    const moment = moments.read(string(value), context.zone) ?? moments.momentOf(number(value, context.zone));
    return moments.formatted(moment, pattern, context.language, signs);
  };
}

function real(reckon: (...values: number[]) => number) {
  return (_context: Context, ...values: number[]): number => reckon(...values);
}

const one = (reckon: (value: number) => number) => real((value = NaN) => reckon(value));
const two = (reckon: (value: number, other: number) => number) => real((value = NaN, other = NaN) => reckon(value, other));

export const WORKINGS: Record<string, Working> = {
  coalesce,
  once: (context, value: Value) => text(context.this) || value,
  checklist,
  'weighted-checklist': weightedChecklist,
  selected,
  'selected-at': (_context, list: string, index: number) => listed(list)[whole(index)] ?? '',
  'count-selected': (_context, list: string) => listed(list).length,
  count: (_context, entries: string[]) => entries.length,
  'count-non-empty': (_context, answers: string[]) => answers.filter((answer) => answer !== '').length,
  sum: (context, answers: string[]) => numbers(context, [answers]).reduce((total, value) => total + value, 0),
  min: chosen((value, best) => value < best),
  max: chosen((value, best) => value > best),
  contains: (_context, said: string, part: string) => said.includes(part),
  'starts-with': (_context, said: string, part: string) => said.startsWith(part),
  'ends-with': (_context, said: string, part: string) => said.endsWith(part),
  substr,
  substring,
  'substring-before': before,
  'substring-after': after,
  translate,
  'string-length': (_context, said: string) => [...said].length,
  'normalize-space': (_context, said: string) => listed(said).join(' '),
  concat: (_context, ...said: string[][]) => said.flat().join(''),
  join: (_context, separator: string, ...said: string[][]) => said.flat().join(separator),
  string: (_context, value: Value) => string(value),
  true: () => true,
  false: () => false,
  not: (_context, value: boolean) => !value,
  boolean: (_context, value: boolean) => value,
  'boolean-from-string': (_context, said: string) => said === 'true' || said === '1',
  number: (_context, value: number) => value,
  int: wholeOr(Math.trunc),
  round: (_context, value: number, to = 0) => rounded(value, to),
  floor: wholeOr(Math.floor),
  ceiling: wholeOr(Math.ceil),
  abs: one(Math.abs),
  pow: two(reals.power),
  sqrt: one((value) => (value >= 0 ? Math.sqrt(value) : NaN)),
  exp: one(reals.exp),
  exp10: one((value) => reals.power(10, value)),
  log: one(reals.log),
  log10: one(reals.log10),
  pi: () => Math.PI,
  sin: one(reals.sin),
  cos: one(reals.cos),
  tan: one(reals.tan),
  asin: one(reals.asin),
  acos: one(reals.acos),
  atan: one(reals.atan),
  atan2: two(reals.atan2),
  today: (context) => moments.writtenDate(context.local()),
  now: (context) => moments.writtenMoment(context.local(), context.zone),
  date,
  'date-time': (context, days: number) => moments.writtenMoment(moments.momentOf(days), context.zone),
  'decimal-date-time': (_context, value: number) => value,
  'decimal-time': (context, time: string) => moments.fraction(time, context.zone),
  'format-date': formatted(moments.DATE_SIGNS),
  'format-date-time': formatted(moments.TIME_SIGNS),
  area: (_context, shape: string[]) => places.area(shape),
  distance: (_context, ...path: string[][]) => places.distance(path.flat()),
};
