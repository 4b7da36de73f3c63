// The four kinds of value and how XPath 1.0 turns one into another and compares them.
//
// Text, number, truth and nodes (the answers that a reference finds, as texts). An unanswered field is an empty text.
// The twin of bihuan/ledgers/expressions/values.py.
import * as moments from './moments.ts';

export type Value = string | number | boolean | string[];

export const NUMBER = /^[ \t\r\n]*(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))[ \t\r\n]*$/;
const MOST_PLACES = 30;

type Single = string | number | boolean;

const EQUALITIES: Record<string, (one: Single, other: Single) => boolean> = {
  '=': (one, other) => one === other,
  '!=': (one, other) => one !== other,
};
const ORDERS: Record<string, (one: number, other: number) => boolean> = {
  '<': (one, other) => one < other,
  '<=': (one, other) => one <= other,
  '>': (one, other) => one > other,
  '>=': (one, other) => one >= other,
};

/** Whole number and power of ten of the shortest decimal that means this double. */
function digits(value: number): [bigint, number] {
  const [figures = '0', power = '0'] = value.toExponential().split('e');
  const behind = figures.split('.')[1]?.length ?? 0;
  return [BigInt(figures.replace('.', '')), Number(power) - behind];
}

/** A number in XPath's way: whole numbers without a point, never an exponent. */
export function plain(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const [whole, power] = digits(value);
  if (whole === 0n) return '0';
  const sign = whole < 0n ? '-' : '';
  const figures = String(whole < 0n ? -whole : whole);
  if (power >= 0) return sign + figures + '0'.repeat(power);
  const padded = figures.padStart(1 - power, '0');
  const before = padded.slice(0, power);
  const after = padded.slice(power).replace(/0+$/, '');
  return after ? `${sign}${before}.${after}` : sign + before;
}

/** Rounded as it is written, halves upwards: 1.005 to two places is 1.01, −2.5 is −2. */
export function rounded(value: number, places: number): number {
  if (!Number.isFinite(value)) return value;
  if (!(Math.abs(places) <= MOST_PLACES)) return NaN;
  const kept = Math.trunc(places) + 0;
  const [whole, power] = digits(value);
  const away = -power - kept;
  if (away <= 0) return value + 0;
  const unit = 10n ** BigInt(away);
  const raised = whole + unit / 2n;
  const units = raised / unit - (raised < 0n && raised % unit !== 0n ? 1n : 0n);
  return Number(`${units}e${-kept}`) + 0;
}

/** What is stored of an answer, as text; several choices with spaces between them. */
export function text(stored: unknown): string {
  if (typeof stored === 'string') return stored;
  if (typeof stored === 'boolean') return stored ? 'true' : 'false';
  if (typeof stored === 'number') return plain(stored);
  return Array.isArray(stored) ? stored.map(text).join(' ') : '';
}

export function string(value: Value): string {
  return Array.isArray(value) ? (value[0] ?? '') : text(value);
}

/** XPath's number, and as ODK has it: a date or date-time is its number of days. */
export function number(value: Value, zone: number): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const said = string(value);
  const found = NUMBER.exec(said);
  return found ? Number(found[1]) : moments.days(said, zone);
}

/** As ODK has it: nodes are true when one of them is answered. */
export function boolean(value: Value): boolean {
  if (Array.isArray(value)) return value.some((one) => one !== '');
  return Boolean(value);
}

export function nodes(value: Value): string[] {
  return Array.isArray(value) ? value : [string(value)];
}

/** Nodes compare as XPath has it: it is true when it is true of one of them. */
export function compared(sign: string, left: Value, right: Value, zone: number): boolean {
  const equality = EQUALITIES[sign];
  if (equality) {
    // Only equality asks whether nodes are true; an order asks for their numbers.
    if (typeof left === 'boolean' || typeof right === 'boolean') return equality(boolean(left), boolean(right));
    if (typeof left !== 'number' && typeof right !== 'number') {
      const others = nodes(right);
      return nodes(left).some((one) => others.some((other) => equality(one, other)));
    }
  }
  const test = (equality ?? ORDERS[sign]) as (one: number, other: number) => boolean;
  const others = numbers(right, zone);
  return numbers(left, zone).some((one) => others.some((other) => test(one, other)));
}

function numbers(value: Value, zone: number): number[] {
  return Array.isArray(value) ? value.map((one) => number(one, zone)) : [number(value, zone)];
}
