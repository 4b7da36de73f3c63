// Expressions of XLSForm: what ODK and Kobo write in relevant, constraint and calculation.
//
// `parse` reads a text once; the expression it gives is reckoned in a context as often as needed, here and on the
// server (bihuan/ledgers/expressions) with the same result. See docs/expressions.md.
import * as checking from './checking.ts';
import { compiled, type Run } from './compiling.ts';
import type { Fault } from './faults.ts';
import type { Context, Outline } from './outline.ts';
import { Parser } from './parser.ts';
import type { Node } from './tree.ts';
import * as values from './values.ts';

export { Fault } from './faults.ts';
export { SIGNATURES } from './functions.ts';
export { LETTERS } from './letters.ts';
export { type Answers, Context, type Fields, type Given, Outline } from './outline.ts';

/** An expression that has been read and made ready. */
export class Expression {
  readonly source: string;
  readonly tree: Node;
  private readonly run: Run;

  constructor(source: string, tree: Node) {
    this.source = source;
    this.tree = tree;
    this.run = compiled(tree);
  }

  value(context: Context): values.Value {
    return this.run(context);
  }

  /** What a calculation or default stores. */
  text(context: Context): string {
    return values.string(this.run(context));
  }

  /** How many times something repeats. */
  number(context: Context): number {
    return values.number(this.run(context), context.zone);
  }

  /** Whether something is relevant, required, allowed or offered. */
  truth(context: Context): boolean {
    return values.boolean(this.run(context));
  }
}

/** Read an expression; what is wrong with it is thrown as a Fault. */
export function parse(text: string): Expression {
  return new Expression(text, new Parser(text).read());
}

export function references(expression: Expression): Set<string> {
  return checking.references(expression.tree);
}

/** In which order calculations are reckoned; a circle among them is thrown as a Fault. */
export function orderOf(calculations: ReadonlyMap<string, Expression>): string[] {
  return checking.orderOf(new Map([...calculations].map(([name, expression]) => [name, expression.tree])));
}

/** What does not fit the fields: unknown names, repeats used as values, positions outside a repeat. */
export function check(
  expression: Expression,
  outline: Outline,
  setting: { around?: readonly string[]; columns?: readonly string[] | null; hasOwnValue?: boolean } = {},
): Fault[] {
  return new checking.Setting(outline, setting.around, setting.columns, setting.hasOwnValue).faults(expression.tree);
}
