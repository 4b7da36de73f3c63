// Small helpers for making and finding elements; text always goes in as text, never as markup.

type Attributes = Record<string, string | number | boolean | undefined>;

/** A new element with attributes and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children);
  return element;
}

/** An icon out of the page's sprite. */
export function icon(name: string): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(space, 'use');
  use.setAttribute('href', `${document.getElementById('words')?.dataset['sprite'] ?? ''}#${name}`);
  svg.append(use);
  return svg;
}

/** The input a data attribute points at ("#id_lon"), if it is there. */
export function input(selector: string | undefined): HTMLInputElement | null {
  return selector ? document.querySelector<HTMLInputElement>(selector) : null;
}

/** Write into an input and say so, as if a person had typed it. */
export function fill(target: HTMLInputElement | HTMLTextAreaElement | null, value: string): void {
  if (!target || target.value === value) return;
  target.value = value;
  target.dispatchEvent(new Event('change', { bubbles: true }));
}

/** A coordinate as forms carry it: six decimals, some ten centimetres. */
export function degrees(value: number): string {
  return value.toFixed(6);
}

/** The page's token against forged requests. */
export function csrfToken(): string {
  const cookie = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  return cookie ?? document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? '';
}
