// Answers the tests: reads one case a line, reckons it with the browser's expressions, writes what came out.
import { Context, Fault, LETTERS, Outline, SIGNATURES, check, orderOf, parse, references } from '../../../frontend/src/expressions/index.ts';
import type { Given } from '../../../frontend/src/expressions/index.ts';

type Case = Omit<Given, 'outline'> & {
  outline: ConstructorParameters<typeof Outline>[0];
  expression?: string;
  order?: Record<string, string>;
  about?: boolean;
};

function told(value: unknown): unknown {
  if (typeof value !== 'number') return value;
  return { number: Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value) };
}

function outcome(one: Case): unknown {
  if (one.about) return { signatures: SIGNATURES, letters: LETTERS };
  try {
    if (one.order) {
      const calculations = new Map(Object.entries(one.order).map(([name, text]) => [name, parse(text)]));
      return { result: orderOf(calculations) };
    }
    const expression = parse(one.expression ?? '');
    const outline = new Outline(one.outline);
    const [fault] = check(expression, outline, {
      around: Object.keys(one.at ?? {}),
      columns: one.columns ? Object.keys(one.columns) : null,
    });
    if (fault) throw fault;
    const context = new Context({ ...one, outline });
    return {
      result: told(expression.value(context)),
      text: expression.text(context),
      number: told(expression.number(context)),
      truth: expression.truth(context),
      references: [...references(expression)].sort(),
    };
  } catch (fault) {
    if (fault instanceof Fault) return { fault: fault.code, position: fault.position };
    throw fault;
  }
}

Object.assign(globalThis, { outcome });
