// data-ticks on a form: boxes elsewhere on the page name it; it counts them, and one box ticks them all.
import { behaviour } from './behaviour';

function boxesOf(form: HTMLFormElement): HTMLInputElement[] {
  return [...form.elements].filter(
    (element): element is HTMLInputElement =>
      element instanceof HTMLInputElement && element.type === 'checkbox' && element.dataset['ticksAll'] === undefined,
  );
}

function ticks(form: HTMLElement): void {
  if (!(form instanceof HTMLFormElement)) return;
  const all = form.querySelector<HTMLInputElement>('[data-ticks-all]');
  const count = form.querySelector<HTMLOutputElement>('[data-ticks-count]');

  const show = () => {
    const boxes = boxesOf(form);
    const ticked = boxes.filter((box) => box.checked).length;
    if (count) {
      count.textContent = String(ticked);
      count.hidden = ticked === 0;
    }
    if (all) {
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    }
    form.classList.toggle('has-ticks', ticked > 0);
  };

  if (all) {
    all.closest('label')?.removeAttribute('hidden');
    all.addEventListener('change', () => {
      for (const box of boxesOf(form)) box.checked = all.checked;
      show();
    });
  }
  document.addEventListener('change', (event) => {
    if (event.target instanceof HTMLInputElement && event.target.form === form && event.target !== all) show();
  });
  show();
}

/** Whether boxes are ticked within an element: it must not be renewed under somebody's hands. */
export function hasTicks(element: HTMLElement): boolean {
  return [...element.querySelectorAll<HTMLFormElement>('form[data-ticks]')].some((form) =>
    boxesOf(form).some((box) => box.checked),
  );
}

export function startTicks(): void {
  behaviour('form[data-ticks]', ticks);
}
