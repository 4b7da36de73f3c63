// Makes a tree ready to be reckoned: closures, built once. The twin of bihuan/ledgers/expressions/compiling.py.
import { FUNCTIONS } from './functions.ts';
import { answer, type Answers, type Context } from './outline.ts';
import { Pattern } from './patterns.ts';
import type { CallNode, ChainNode, FilterNode, Node } from './tree.ts';
import { boolean, compared, nodes, number, string, text, type Value } from './values.ts';
import { WORKINGS } from './workings.ts';

export type Run = (context: Context) => Value;

const ARITHMETIC: Record<string, (one: number, other: number) => number> = {
  '+': (one, other) => one + other,
  '-': (one, other) => one - other,
  '*': (one, other) => one * other,
  div: (one, other) => one / other,
  mod: (one, other) => one % other,
};

const TURNED: Record<string, (value: Value, context: Context) => Value> = {
  any: (value) => value,
  text: string,
  format: string,
  number: (value, context) => number(value, context.zone),
  boolean,
  nodes,
};

export function compiled(node: Node): Run {
  switch (node.is) {
    case 'number':
    case 'text':
      return () => node.value;
    case 'field':
      return (context) => context.nodes(node.name);
    case 'column':
      return (context) => [text(answer(context.columns, node.name))];
    case 'this':
      return (context) => [text(context.this)];
    case 'negative': {
      const of = compiled(node.of);
      return (context) => -number(of(context), context.zone);
    }
    case 'chain':
      return chain(node);
    case 'filter':
      return filter(node);
    case 'call':
      return (SPECIAL[node.name] ?? call)(node);
    case 'parent': // position() alone takes it
      throw new TypeError(node.is);
  }
}

function chain(node: ChainNode): Run {
  const first = compiled(node.first);
  const rest = node.rest.map(([sign, part]) => [sign, compiled(part)] as const);
  const sign = node.rest[0]?.[0] ?? '';
  if (sign === 'and' || sign === 'or') {
    const every = [first, ...rest.map(([, run]) => run)];
    return (context) => {
      const holds = (run: Run) => boolean(run(context));
      return sign === 'or' ? every.some(holds) : every.every(holds);
    };
  }
  if (sign in ARITHMETIC) {
    const steps = rest.map(([one, run]) => [ARITHMETIC[one] as (a: number, b: number) => number, run] as const);
    return (context) =>
      steps.reduce(
        (total, [step, run]) => step(total, number(run(context), context.zone)),
        number(first(context), context.zone),
      );
  }
  return (context) =>
    rest.reduce<Value>((value, [one, run]) => compared(one, value, run(context), context.zone), first(context));
}

function filter(node: FilterNode): Run {
  const conditions = node.conditions.map(compiled);
  const column = node.field?.name ?? null;
  return (context) => {
    let rows = context.allOf(node.repeat);
    for (const condition of conditions) rows = rows.filter((row, index) => holds(condition, context, row, index + 1));
    return rows.map((row) => (column === null ? '' : text(answer(row, column))));
  };
}

function holds(condition: Run, context: Context, row: Answers, at: number): boolean {
  const value = condition(context.looking(row, at));
  return typeof value === 'number' ? value === at : boolean(value);
}

function position(node: CallNode): Run {
  const entry = node.arguments[0];
  if (!entry) return (context) => context.position;
  const name = entry.is === 'field' ? entry.name : null;
  return (context) => (name === null ? [...context.at.values()].at(-1) : context.at.get(name)) ?? NaN;
}

function indexedRepeat(node: CallNode): Run {
  const named = node.arguments.filter((_part, index) => index === 0 || index % 2);
  const [field = '', ...names] = named.map((part) => (part.is === 'field' ? part.name : ''));
  const indexes = node.arguments.filter((_part, index) => index >= 2 && index % 2 === 0).map(compiled);
  return (context) => {
    const pairs = names.map((name, index) => [name, number(indexes[index]?.(context) ?? '', context.zone)] as const);
    const row = context.indexed(pairs)[0];
    return row ? text(answer(row, field)) : '';
  };
}

function call(node: CallNode): Run {
  const called = FUNCTIONS.get(node.name);
  const working = WORKINGS[node.name] as (context: Context, ...given: Value[]) => Value;
  const steps = node.arguments.map((part, index) => {
    const turn = TURNED[called?.kind(index) ?? 'any'] as (value: Value, context: Context) => Value;
    const run = compiled(part);
    return (context: Context) => turn(run(context), context);
  });
  return (context) => working(context, ...steps.map((step) => step(context)));
}

function choose(node: CallNode): Run {
  const [condition, then, otherwise] = node.arguments.map(compiled) as [Run, Run, Run];
  return (context) => (boolean(condition(context)) ? then(context) : otherwise(context));
}

function regex(node: CallNode): Run {
  const [said, written] = node.arguments as [Node, Node];
  const value = compiled(said);
  const pattern = new Pattern(written.is === 'text' ? written.value : '', written.at + 1);
  return (context) => pattern.matches(string(value(context)));
}

function choiceName(node: CallNode): Run {
  const [said, question] = node.arguments as [Node, Node];
  const choice = compiled(said);
  const name = question.is === 'field' ? question.name : '';
  return (context) => {
    const labels = Object.hasOwn(context.choices, name) ? context.choices[name] : undefined;
    const chosen = string(choice(context));
    return labels && Object.hasOwn(labels, chosen) ? (labels[chosen] ?? '') : '';
  };
}

const SPECIAL: Record<string, (node: CallNode) => Run> = {
  if: choose,
  position,
  'indexed-repeat': indexedRepeat,
  regex,
  'jr:choice-name': choiceName,
};
