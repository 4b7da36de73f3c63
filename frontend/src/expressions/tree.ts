// The parts an expression is made of. The twin of bihuan/ledgers/expressions/tree.py.

export interface FieldNode {
  is: 'field';
  name: string;
  at: number;
}

/** A bare name: a column of the choices, or a field of the repeat that is filtered. */
export interface ColumnNode {
  is: 'column';
  name: string;
  at: number;
}

export interface TextNode {
  is: 'text';
  value: string;
  at: number;
}

/** Operators of one level, from left to right: a − b + c. */
export interface ChainNode {
  is: 'chain';
  first: Node;
  rest: [string, Node][];
  at: number;
}

/** ${repeat}[condition]/field; without a field, the entries themselves. */
export interface FilterNode {
  is: 'filter';
  repeat: string;
  conditions: Node[];
  field: ColumnNode | null;
  at: number;
}

export interface CallNode {
  is: 'call';
  name: string;
  arguments: Node[];
  at: number;
}

export type Node =
  | { is: 'number'; value: number; at: number }
  | TextNode
  | FieldNode
  | ColumnNode
  | { is: 'this'; at: number }
  | { is: 'parent'; at: number }
  | { is: 'negative'; of: Node; at: number }
  | ChainNode
  | FilterNode
  | CallNode;

/** The parts directly inside. */
export function within(node: Node): Node[] {
  if (node.is === 'negative') return [node.of];
  if (node.is === 'chain') return [node.first, ...node.rest.map(([, part]) => part)];
  if (node.is === 'filter') return [...node.conditions, ...(node.field ? [node.field] : [])];
  return node.is === 'call' ? node.arguments : [];
}

export function* walk(node: Node): Generator<Node> {
  yield node;
  for (const part of within(node)) yield* walk(part);
}
