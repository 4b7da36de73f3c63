// What the page tells of a ledger (bihuan/ledgers/forms/plan.py), so that answers can be judged here.

export interface Field {
  name: string;
  type: string;
  label?: string;
  hint?: string;
  list?: string;
  required?: string;
  required_message?: string;
  constraint?: string;
  constraint_message?: string;
  relevant?: string;
  read_only?: string;
  calculation?: string;
  default?: string;
  choice_filter?: string;
  repeat_count?: string;
  fields?: Field[];
}

export interface Choice {
  name: string;
  label: string;
  columns: Record<string, string>;
}

export type Values = Record<string, unknown>;

export interface Plan {
  fields: Field[];
  /** Every field after those its value or its relevance depends on. */
  order: string[];
  /** Every field as the workbook has them. */
  reading: string[];
  /** The names that the step asks for. */
  asked: string[];
  /** The names without which the step is not done. */
  needed: string[];
  lists: Record<string, Choice[]>;
  /** What the item holds. */
  answers: Values;
  zone: number;
  language: string;
  words: Record<string, string>;
}

export const asks = (field: Field): boolean => !['group', 'repeat', 'note', 'calculate'].includes(field.type);

/** Every field, groups and repeats before what lies in them. */
export function* walk(fields: readonly Field[]): Generator<Field> {
  for (const field of fields) {
    yield field;
    yield* walk(field.fields ?? []);
  }
}

/** A sentence with each %(name)s filled in. */
export function say(sentence: string | undefined, values: Record<string, string | number> = {}): string {
  return (sentence ?? '').replace(/%\((\w+)\)s/g, (whole, key: string) => String(values[key] ?? whole));
}
