// Turns one answer, as the form has it, into what is stored. The twin of bihuan/ledgers/definition/cleaning.py.
import { say, type Field } from './plan.ts';

const LONGEST_TEXT = 10_000;
const LONGEST_CODE = 500;
const INTEGER = /^[+-]?\d{1,15}$/;
const DECIMAL = /^[+-]?(\d{1,15}(\.\d{0,12})?|\.\d{1,12})$/;
const MOMENT = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(Z|[+-]\d{2}:?\d{2})?$/;
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\ufeff]/g;
const TIME = /^(\d{2}):(\d{2})(?::(\d{2})(\.\d{1,6})?)?$/;

/** The answer does not fit its field; the message says why. */
export class Unfit extends Error {}

type Words = Record<string, string>;
type Cleaner = (given: unknown, words: Words, zone: number) => unknown;

/** The answer as it is stored; null when nothing was answered. Throws Unfit. */
export function cleaned(field: Field, given: unknown, words: Words, zone: number): unknown {
  let value = given;
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && !value.length)) return null;
  if (typeof value === 'string') {
    value = tidy(value);
    if (!value) return null;
  }
  return CLEANERS[field.type]?.(value, words, zone) ?? null;
}

/** As the server cleans text (bihuan/core/text.py): without signs that no page can show, nothing around it. */
function tidy(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(CONTROL, '').trim();
}

function text(longest: number): Cleaner {
  return (given, words) => {
    if ([...String(given)].length > longest) throw new Unfit(say(words['long'], { limit: longest }));
    return String(given);
  };
}

function digits(given: unknown): string {
  return String(given).normalize('NFKC').trim();
}

function integer(given: unknown, words: Words): number {
  const written = digits(given);
  if (!INTEGER.test(written)) throw new Unfit(words['integer']);
  return Number(written) || 0;
}

function decimal(given: unknown, words: Words): string {
  const written = digits(given);
  if (!DECIMAL.test(written)) throw new Unfit(words['decimal']);
  const minus = written.startsWith('-') ? '-' : '';
  const [whole = '', rest = ''] = written.replace(/^[+-]/, '').split('.');
  const before = whole.replace(/^0+(?=\d)/, '') || '0';
  const after = rest.replace(/0+$/, '');
  const plain = `${minus}${before}${after ? `.${after}` : ''}`;
  return plain === '-0' ? '0' : plain;
}

function isDay(written: string): boolean {
  const hit = /^(\d{4})-(\d{2})-(\d{2})$/.exec(written);
  if (!hit || Number(hit[1]) < 1) return false;
  const day = new Date(`${written}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(written);
}

function date(given: unknown, words: Words): string {
  if (typeof given !== 'string' || !isDay(given)) throw new Unfit(words['date']);
  return given;
}

function time(given: unknown, words: Words): string {
  const hit = TIME.exec(String(given));
  if (!hit || Number(hit[1]) > 23 || Number(hit[2]) > 59 || Number(hit[3] ?? 0) > 59) throw new Unfit(words['time']);
  const fraction = (hit[4] ?? '').slice(1).padEnd(6, '0');
  return `${hit[1]}:${hit[2]}:${hit[3] ?? '00'}${/[1-9]/.test(fraction) ? `.${fraction}` : ''}`;
}

/** A date and time; where no offset is given, the district's. */
function moment(given: unknown, words: Words, zone: number): string {
  const hit = MOMENT.exec(String(given));
  const fits = hit && isDay(hit[1] ?? '') && Number(hit[2]) < 24 && Number(hit[3]) < 60 && Number(hit[4] ?? 0) < 60;
  if (!fits) throw new Unfit(words['dateTime']);
  const [, day, hours, minutes, seconds = '00', fraction = '', offset] = hit;
  return `${day}T${hours}:${minutes}:${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}${offset ? written(offset) : offsetOf(zone)}`;
}

function written(offset: string): string {
  return offset === 'Z' ? '+00:00' : offset.replace(/^([+-]\d{2}):?(\d{2})$/, '$1:$2');
}

function offsetOf(zone: number): string {
  const size = Math.abs(zone);
  const two = (count: number) => String(count).padStart(2, '0');
  return `${zone < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function several(given: unknown): string[] {
  const parts = Array.isArray(given) ? given.map(String) : String(given).split(/\s+/).filter(Boolean);
  return [...new Set(parts)];
}

function place(written: string, words: Words): string {
  const parts = written.trim().split(/\s+/);
  const fits = parts.length >= 2 && parts.length <= 4 && parts.every((part) => DECIMAL.test(part));
  if (!fits || Math.abs(Number(parts[0])) > 90 || Math.abs(Number(parts[1])) > 180) throw new Unfit(words['place']);
  return parts.join(' ');
}

function points(given: unknown, least: number, words: Words): string[] {
  const found = String(given)
    .split(';')
    .filter((part) => part.trim())
    .map((part) => place(part, words));
  if (found.length < least) throw new Unfit(say(words['points'], { least }));
  return found;
}

function shape(given: unknown, words: Words): string {
  const found = points(given, 3, words);
  const [first = '', last = ''] = [found[0], found.at(-1)];
  const ends = (one: string) => one.split(' ').slice(0, 2).join(' ');
  const closed = ends(first) === ends(last);
  if (closed && found.length < 4) throw new Unfit(say(words['points'], { least: 3 }));
  return (closed ? found : [...found, first]).join(';');
}

const CLEANERS: Record<string, Cleaner> = {
  text: text(LONGEST_TEXT),
  integer,
  decimal,
  date,
  time,
  dateTime: moment,
  select_one: (given) => String(given),
  select_multiple: several,
  geopoint: (given, words) => place(String(given), words),
  geotrace: (given, words) => points(given, 2, words).join(';'),
  geoshape: shape,
  image: (given) => String(given),
  file: (given) => String(given),
  barcode: text(LONGEST_CODE),
  calculate: text(LONGEST_TEXT),
};
