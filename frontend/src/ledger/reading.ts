// The form of an item as values, and values as the form: names, entries of repeats, files.
import type { Field, Values } from './plan.ts';
import { asks } from './plan.ts';

export const PREFIX = 'a.';
const NEW = '[new]';

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function controls(form: HTMLFormElement, name: string): Control[] {
  const found = form.elements.namedItem(name);
  if (found instanceof RadioNodeList) return [...found] as unknown as Control[];
  return found ? [found as unknown as Control] : [];
}

/** The entries of a repeat that stand under `name`, in their order. */
export function entriesOf(form: HTMLFormElement, name: string): HTMLElement[] {
  const section = form.querySelector<HTMLElement>(`[data-repeat="${CSS.escape(name)}"]`);
  const list = section?.querySelector(':scope > .ask-entries');
  return list ? [...list.querySelectorAll<HTMLElement>(':scope > [data-entry]')] : [];
}

export function nameOf(entry: HTMLElement): string {
  return entry.querySelector<HTMLInputElement>(':scope > input[type="hidden"]')?.name ?? '';
}

function originOf(entry: HTMLElement): number {
  return Number(entry.querySelector<HTMLInputElement>(':scope > input[type="hidden"]')?.value) || 0;
}

/** What the form holds of these fields, as the server reads it. */
export function given(form: HTMLFormElement, fields: readonly Field[], stored: Values, prefix = PREFIX): Values {
  const found: Values = {};
  for (const field of fields) {
    if (field.type === 'group') Object.assign(found, given(form, field.fields ?? [], stored, prefix));
    else if (field.type === 'repeat') {
      if (!form.querySelector(`[data-repeat="${CSS.escape(prefix + field.name)}"]`)) continue;
      const before = Array.isArray(stored[field.name]) ? (stored[field.name] as Values[]) : [];
      found[field.name] = entriesOf(form, prefix + field.name).map((entry) => {
        const own = before[originOf(entry) - 1] ?? {};
        return { ...own, ...given(form, field.fields ?? [], own, `${nameOf(entry)}.`) };
      });
    } else if (asks(field) && !field.read_only) {
      const value = valueOf(form, field, prefix + field.name);
      if (value !== undefined) found[field.name] = value;
    }
  }
  return found;
}

function valueOf(form: HTMLFormElement, field: Field, name: string): unknown {
  const found = controls(form, name);
  const [first] = found;
  if (!first) return undefined;
  if (field.type === 'select_multiple') return found.filter((one) => (one as HTMLInputElement).checked).map(({ value }) => value);
  if (field.type === 'select_one' && first instanceof HTMLInputElement) {
    return found.find((one) => (one as HTMLInputElement).checked)?.value ?? '';
  }
  if (first instanceof HTMLInputElement && first.type === 'file') return fileOf(form, first);
  if (field.type === 'geotrace' || field.type === 'geoshape') return first.value.split('\n').join(';');
  return first.value;
}

/** What stands for a file: a new one, the one that was there, or nothing. */
function fileOf(form: HTMLFormElement, input: HTMLInputElement): string {
  const [file] = input.files ?? [];
  if (file) return `new-${file.size}-${file.lastModified}`;
  const gone = controls(form, `${input.name}.gone`)[0] as HTMLInputElement | undefined;
  return gone?.checked ? '' : (controls(form, `${input.name}.kept`)[0]?.value ?? '');
}

/** One entry more, with this number or the next one; returns it. */
export function addEntry(section: HTMLElement, number?: number): HTMLElement | null {
  const template = section.querySelector<HTMLTemplateElement>(':scope > template');
  const list = section.querySelector<HTMLElement>(':scope > .ask-entries');
  const name = section.dataset['repeat'] ?? '';
  if (!template || !list) return null;
  const taken = [...list.children].map((entry) => Number(/\[(\d+)\]$/.exec(nameOf(entry as HTMLElement))?.[1]) || 0);
  const next = number ?? Math.max(0, ...taken) + 1;
  const holder = document.createElement('template');
  holder.innerHTML = template.innerHTML.replaceAll(`${name}${NEW}`, `${name}[${next}]`); // our own markup, no answers in it
  const entry = holder.content.querySelector<HTMLElement>('[data-entry]');
  if (entry) list.append(entry);
  return entry;
}

/** The path by which faults name what stands here: plots[2].size. */
export function pathOf(element: HTMLElement): string {
  const name = element.dataset['field'] ?? '';
  const entry = element.parentElement?.closest<HTMLElement>('[data-entry]');
  const section = entry?.parentElement?.closest<HTMLElement>('[data-repeat]');
  if (!entry || !section || !entry.parentElement) return name;
  const number = [...entry.parentElement.children].indexOf(entry) + 1;
  return `${pathOf(section)}[${number}].${name}`;
}

/** Put a kept draft back into the form, its entries and files included. */
export function restore(form: HTMLFormElement, fields: readonly [string, string | File][], hidden = false): void {
  const names = new Set(fields.map(([name]) => name));
  for (const entry of form.querySelectorAll<HTMLElement>('[data-entry]')) if (!names.has(nameOf(entry))) entry.remove();
  for (const [name] of fields) {
    const hit = /^(.*)\[(\d+)\]$/.exec(name);
    const section = hit && form.querySelector<HTMLElement>(`[data-repeat="${CSS.escape(hit[1] ?? '')}"]`);
    if (section && !form.elements.namedItem(name)) addEntry(section, Number(hit[2]));
  }
  const values = new Map<string, (string | File)[]>();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const control of form.elements) if (isAnswer(control, hidden)) write(control, values, hidden);
}

/** What a person filled in; of a form that is no item's (`hidden`), everything but its tokens. */
function isAnswer(control: Element, all: boolean): control is Control {
  const isControl = control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement || control instanceof HTMLSelectElement;
  if (!isControl) return false;
  if (all) return control.name !== 'csrfmiddlewaretoken' && control.name !== 'key';
  return control.name.startsWith(PREFIX) || control.name === 'to' || control.name === 'note';
}

function write(control: Control, values: Map<string, (string | File)[]>, hidden: boolean): void {
  const own = values.get(control.name) ?? [];
  if (control instanceof HTMLInputElement && control.type === 'file') {
    const files = own.filter((one) => one instanceof File && one.size > 0) as File[];
    if (!files.length) return;
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    control.files = transfer.files;
    control.dispatchEvent(new Event('change', { bubbles: true }));
  } else if (control instanceof HTMLInputElement && (control.type === 'checkbox' || control.type === 'radio')) {
    control.checked = own.includes(control.value);
  } else if (typeof own[0] === 'string' && (hidden || !(control instanceof HTMLInputElement && control.type === 'hidden'))) {
    control.value = own[0];
  }
}
