// Ties a piece of script to the elements that ask for it by a data attribute, now and after every swap.

type Start = (element: HTMLElement) => void;

interface Behaviour {
  selector: string;
  start: Start;
  started: WeakSet<Element>;
}

const behaviours: Behaviour[] = [];
let awake = false;

/** Run `start` once on each element that matches `selector`, whenever it comes onto the page. */
export function behaviour(selector: string, start: Start): void {
  const one = { selector, start, started: new WeakSet<Element>() };
  behaviours.push(one);
  if (awake) run(one, document);
}

/** Start what is new under `root`, `root` itself included. */
export function wake(root: ParentNode = document): void {
  awake = true;
  for (const one of behaviours) run(one, root);
}

function run(one: Behaviour, root: ParentNode): void {
  const found = [...root.querySelectorAll<HTMLElement>(one.selector)];
  if (root instanceof HTMLElement && root.matches(one.selector)) found.unshift(root);
  for (const element of found) {
    if (one.started.has(element)) continue;
    one.started.add(element);
    one.start(element);
  }
}
