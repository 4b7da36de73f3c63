// Whether an expression fits the fields of a ledger, and in which order calculations are to be reckoned.
//
// The twin of bihuan/ledgers/expressions/checking.py.
import { Fault } from './faults.ts';
import type { Outline } from './outline.ts';
import { type CallNode, type ColumnNode, type FieldNode, type FilterNode, type Node, walk, within } from './tree.ts';

/** The fields and repeats that an expression names, those within square brackets included. */
export function references(node: Node): Set<string> {
  const found = new Set<string>();
  for (const part of walk(node)) {
    if (part.is === 'field' || part.is === 'column') found.add(part.name);
    else if (part.is === 'filter') found.add(part.repeat);
  }
  return found;
}

/** The names so that each comes after those it refers to; a circle is a fault. */
export function orderOf(calculations: ReadonlyMap<string, Node>): string[] {
  const ordered = new Set<string>();
  const asked = (name: string): string[] => {
    const names = references(calculations.get(name) as Node);
    return [...calculations.keys()].filter((other) => names.has(other));
  };
  for (const name of calculations.keys()) {
    const way = new Map<string, string[]>(ordered.has(name) ? [] : [[name, asked(name)]]);
    while (way.size) {
      const [present, others] = [...way].at(-1) as [string, string[]];
      const other = others.find((one) => !ordered.has(one));
      if (other === undefined) {
        ordered.add(present);
        way.delete(present);
      } else if (way.has(other)) throw new Fault('expression.cycle', 0);
      else way.set(other, asked(other));
    }
  }
  return [...ordered];
}

/** Where an expression stands: the fields, the repeats around, the columns a choice filter sees. */
export class Setting {
  private readonly outline: Outline;
  private readonly around: readonly string[];
  private readonly columns: readonly string[] | null;
  private readonly hasOwnValue: boolean;

  constructor(outline: Outline, around: readonly string[] = [], columns: readonly string[] | null = null, hasOwnValue = true) {
    this.outline = outline;
    this.around = around;
    this.columns = columns;
    this.hasOwnValue = hasOwnValue;
  }

  /** What is wrong with a part, and all within it; `allowed` is what its function makes of it. */
  faults(node: Node, allowed = ''): Fault[] {
    switch (node.is) {
      case 'field':
        return this.field(node, allowed);
      case 'column':
        return this.column(node);
      case 'this':
        return this.hasOwnValue ? [] : [new Fault('expression.no_own_value', node.at)];
      case 'parent':
        return this.around.length ? [] : [new Fault('expression.not_in_repeat', node.at)];
      case 'filter':
        return this.filter(node);
      case 'call':
        return this.call(node);
      default:
        return within(node).flatMap((part) => this.faults(part));
    }
  }

  private field(node: FieldNode, allowed: string): Fault[] {
    const isRepeat = this.outline.repeats.has(node.name);
    if (!this.outline.around.has(node.name)) return [new Fault('expression.unknown_field', node.at)];
    if (isRepeat && allowed !== 'repeat') return [new Fault('expression.repeat_has_no_value', node.at)];
    return !isRepeat && allowed === 'repeat' ? [new Fault('expression.not_a_repeat', node.at)] : [];
  }

  private column(node: ColumnNode): Fault[] {
    if (!this.columns) return [new Fault('expression.bare_name', node.at)];
    return this.columns.includes(node.name) ? [] : [new Fault('expression.unknown_column', node.at)];
  }

  private filter(node: FilterNode): Fault[] {
    const inner = this.outline.repeats.get(node.repeat);
    if (!inner) {
      const known = this.outline.around.has(node.repeat);
      return [new Fault(known ? 'expression.not_a_repeat' : 'expression.unknown_field', node.at)];
    }
    const columns = inner.filter((name) => !this.outline.repeats.has(name));
    const inside = new Setting(this.outline, this.around, columns, this.hasOwnValue);
    return within(node).flatMap((part) => inside.faults(part));
  }

  private call(node: CallNode): Fault[] {
    if (node.name === 'indexed-repeat') return this.indexed(node);
    if (node.name === 'position') return this.position(node);
    return node.arguments.flatMap((part) => {
      const repeat = node.name === 'count' && part.is === 'field' && this.outline.repeats.has(part.name);
      return this.faults(part, repeat ? 'repeat' : '');
    });
  }

  private position(node: CallNode): Fault[] {
    return node.arguments.flatMap((part) => {
      const wrong = this.faults(part, 'repeat');
      const outside = part.is === 'field' && !wrong.length && !this.around.includes(part.name);
      return outside ? [new Fault('expression.not_in_repeat', part.at)] : wrong;
    });
  }

  private indexed(node: CallNode): Fault[] {
    const [answer, ...rest] = node.arguments as [Node, ...Node[]];
    const repeats = rest.filter((_part, index) => index % 2 === 0);
    const wrong = [...this.faults(answer), ...repeats.flatMap((part) => this.faults(part, 'repeat'))];
    const found = [...wrong, ...rest.filter((_part, index) => index % 2).flatMap((part) => this.faults(part))];
    if (answer.is !== 'field' || wrong.length) return found;
    const around = this.outline.around.get(answer.name) ?? [];
    const fits = around.length === repeats.length && repeats.every((part, index) => part.is === 'field' && part.name === around[index]);
    return fits ? found : [...found, new Fault('expression.not_in_that_repeat', answer.at)];
  }
}
