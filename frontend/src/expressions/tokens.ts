// Cuts the text of an expression into its words. The twin of bihuan/ledgers/expressions/tokens.py.
import { Fault } from './faults.ts';

const LONGEST = 8_000;

const LETTER = 'A-Za-z_\\u00c0-\\u02ff\\u0370-\\u1fff\\u3400-\\u9fff\\uf900-\\ufaff';
const NAME = `[${LETTER}][-.0-9${LETTER}]*`;
export const REFERENCE = new RegExp(`^\\$\\{[ ]*(${NAME})[ ]*\\}$`);
const TOKEN = new RegExp(
  '(?<space>[ \\t\\r\\n]+)' +
    '|(?<number>[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)' +
    '|(?<text>"[^"]*"|\'[^\']*\')' +
    '|(?<field>\\$\\{[^{}]*\\})' +
    `|(?<name>${NAME}(?::${NAME})?)` +
    '|(?<sign><=|>=|!=|\\.\\.|[()[\\],=<>+*/.-])',
  'y',
);

// What Chinese keyboards, Excel and other languages make people type.
const LOOKS_ALIKE = '“”‘’（），、。＝＞＜≥≤≠＋－−–—＊×÷／％%&|!^\u00a0\u3000＄｛｝';

/** A word: its kind (number, text, field, name, sign or end), its text, and where it begins. */
export interface Token {
  kind: string;
  text: string;
  at: number;
}

/** How many signs a text has; those outside the basic plane are one. */
export function signs(text: string): number {
  return [...text].length;
}

export function tokens(text: string): Token[] {
  if (signs(text) > LONGEST) throw new Fault('expression.too_long', LONGEST);
  const found: Token[] = [];
  let at = 0;
  let position = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) throw wrong(text, at, position);
    const kind = Object.entries(match.groups ?? {}).find(([, said]) => said !== undefined)?.[0] ?? '';
    if (kind !== 'space') found.push({ kind, text: match[0], at: position });
    at += match[0].length;
    position += signs(match[0]);
  }
  found.push({ kind: 'end', text: '', at: position });
  return found;
}

function wrong(text: string, at: number, position: number): Fault {
  const sign = text.charAt(at);
  if (sign === "'" || sign === '"') return new Fault('expression.open_text', position);
  if (sign === '$') return new Fault('expression.open_field', position);
  return new Fault(LOOKS_ALIKE.includes(sign) ? 'expression.looks_alike' : 'expression.odd_sign', position);
}

/** The name within ${…}. */
export function fieldName(token: Token): string {
  const match = REFERENCE.exec(token.text);
  if (match) return match[1] ?? '';
  const name = token.text.slice(2, -1).replace(/^ +| +$/g, '');
  throw new Fault(name.startsWith('last-saved#') ? 'expression.last_saved' : 'expression.field_name', token.at);
}
