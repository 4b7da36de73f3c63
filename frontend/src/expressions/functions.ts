// The table of functions: how each is written, what it takes and gives. What each one means, and why some are
// refused, is said in its twin, bihuan/ledgers/expressions/functions.py; a test holds the two together.

const SIGNATURE = /^([a-z0-9:-]+)\((.*)\) -> ([a-z]+)$/;
const PARAMETER = /^([a-z_]+): ([a-z]+)(\?| = \.)?$/;

/** What is written out in quotes, and references to a field or a repeat, whose value is not asked for. */
export const WRITTEN_OUT = new Set(['pattern', 'format']);
export const REFERENCES = new Set(['field', 'repeat']);

export class Called {
  readonly name: string;
  readonly kinds: string[];
  readonly least: number;
  readonly most: number;
  readonly ownValue: boolean;

  constructor(signature: string) {
    const [, name = '', inner = ''] = SIGNATURE.exec(signature) ?? [];
    const written = inner.split(', ').filter((part) => part);
    const parameters = written.filter((part) => part !== '...').map((part) => PARAMETER.exec(part));
    this.name = name;
    this.kinds = parameters.map((found) => found?.[2] ?? '');
    this.least = parameters.filter((found) => !found?.[3]).length;
    this.most = written.at(-1) === '...' ? Infinity : this.kinds.length;
    this.ownValue = parameters.some((found) => found?.[3] === ' = .');
  }

  /** Whether its last two values come again together. */
  get paired(): boolean {
    return this.name === 'weighted-checklist';
  }

  /** The kind of the value at a place; the last ones come again where there may be more. */
  kind(index: number): string {
    const known = this.kinds.length;
    if (index < known) return this.kinds[index] ?? '';
    const period = this.paired || this.name === 'indexed-repeat' ? 2 : 1;
    return this.kinds[known - period + ((index - known) % period)] ?? '';
  }
}

export const SIGNATURES = [
  'if(condition: boolean, then: any, else: any) -> any',
  'coalesce(first: any, second: any) -> any',
  'once(value: any) -> any',
  'checklist(least: number, most: number, answer: nodes, ...) -> boolean',
  'weighted-checklist(least: number, most: number, answer: nodes, weight: nodes, ...) -> boolean',
  'selected(list: text, choice: text) -> boolean',
  'selected-at(list: text, index: number) -> text',
  'count-selected(list: text) -> number',
  'jr:choice-name(choice: text, question: question) -> text',
  'count(entries: nodes) -> number',
  'count-non-empty(answers: nodes) -> number',
  'sum(answers: nodes) -> number',
  'min(answers: nodes, ...) -> number',
  'max(answers: nodes, ...) -> number',
  'position(entry: entry?) -> number',
  'indexed-repeat(answer: field, repeat: repeat, index: number, ...) -> text',
  'regex(text: text, pattern: pattern) -> boolean',
  'contains(text: text, part: text) -> boolean',
  'starts-with(text: text, part: text) -> boolean',
  'ends-with(text: text, part: text) -> boolean',
  'substr(text: text, start: number, end: number?) -> text',
  'substring(text: text, start: number, length: number?) -> text',
  'substring-before(text: text, part: text) -> text',
  'substring-after(text: text, part: text) -> text',
  'translate(text: text, from: text, to: text) -> text',
  'string-length(text: text = .) -> number',
  'normalize-space(text: text = .) -> text',
  'concat(part: nodes, ...) -> text',
  'join(separator: text, part: nodes, ...) -> text',
  'string(value: any) -> text',
  'true() -> boolean',
  'false() -> boolean',
  'not(value: boolean) -> boolean',
  'boolean(value: boolean) -> boolean',
  'boolean-from-string(text: text) -> boolean',
  'number(value: number) -> number',
  'int(value: number) -> number',
  'round(value: number, places: number?) -> number',
  'floor(value: number) -> number',
  'ceiling(value: number) -> number',
  'abs(value: number) -> number',
  'pow(base: number, exponent: number) -> number',
  'sqrt(value: number) -> number',
  'exp(value: number) -> number',
  'exp10(value: number) -> number',
  'log(value: number) -> number',
  'log10(value: number) -> number',
  'pi() -> number',
  'sin(angle: number) -> number',
  'cos(angle: number) -> number',
  'tan(angle: number) -> number',
  'asin(value: number) -> number',
  'acos(value: number) -> number',
  'atan(value: number) -> number',
  'atan2(y: number, x: number) -> number',
  'today() -> text',
  'now() -> text',
  'date(value: number) -> text',
  'date-time(value: number) -> text',
  'decimal-date-time(value: number) -> number',
  'decimal-time(time: text) -> number',
  'format-date(date: any, format: format) -> text',
  'format-date-time(date: any, format: format) -> text',
  'area(shape: nodes) -> number',
  'distance(path: nodes, ...) -> number',
];

export const FUNCTIONS = new Map(SIGNATURES.map((signature) => new Called(signature)).map((one) => [one.name, one]));

/** Named by ODK, XPath or Enketo, and refused. */
export const REFUSED = new Set([
  'random',
  'randomize',
  'uuid',
  'digest',
  'base64-decode',
  'extract-signed',
  'instance',
  'pulldata',
  'property',
  'version',
  'jr:itext',
  'depend',
  'current',
  'id',
  'lang',
  'last',
  'local-name',
  'name',
  'namespace-uri',
  'decimal-date',
  'is-selected',
  'enclosed-area',
  'geofence',
  'intersects',
]);
