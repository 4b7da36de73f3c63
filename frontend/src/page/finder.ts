// select[data-finder]: a field above a long choice; what is typed there leaves only the options that fit.
//
// The select stays the truth and works without it. An option's data-words are searched along with its text
// and its group; its data-detail is shown once it is chosen.
import { behaviour } from './behaviour';
import { make } from './dom';

const FEW = 12;
const SHOWN = 8;

function plain(text: string): string {
  return text.normalize('NFKC').toLocaleLowerCase();
}

function start(element: HTMLElement): void {
  if (!(element instanceof HTMLSelectElement) || element.options.length <= FEW) return;
  const select = element;
  const everything = [...select.children].map((child) => child.cloneNode(true));
  const label = select.dataset['finderLabel'] ?? '';
  const field = make('input', {
    type: 'search',
    class: 'form-control finder-input',
    placeholder: label,
    'aria-label': label,
    'aria-controls': select.id,
    autocomplete: 'off',
    'data-no-draft': true,
  });
  const told = make('p', { class: 'form-hint', role: 'status' });
  select.before(field);
  select.after(told);
  let chosen = select.value;

  const tell = (text = '') => {
    told.textContent = text || (select.selectedOptions[0]?.dataset['detail'] ?? '');
  };

  const fits = (option: HTMLOptionElement, group: string, words: string[]) => {
    const text = plain(`${option.textContent ?? ''} ${option.dataset['words'] ?? ''} ${group}`);
    return option.value !== '' && words.every((word) => text.includes(word));
  };

  const filter = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    const fresh = everything.map((child) => child.cloneNode(true) as HTMLOptionElement | HTMLOptGroupElement);
    const seen = new Set<string>();
    select.replaceChildren(
      ...fresh.filter((child) => {
        if (!words.length) return true;
        if (child instanceof HTMLOptionElement) return fits(child, '', words);
        for (const option of [...child.children] as HTMLOptionElement[]) {
          if (seen.has(option.value) || !fits(option, child.label, words)) option.remove();
          else seen.add(option.value);
        }
        return child.children.length > 0;
      }),
    );
    const count = select.options.length;
    select.value = chosen;
    if (select.selectedIndex < 0 && words.length && count === 1) select.selectedIndex = 0;
    if (words.length && count) select.size = Math.max(2, Math.min(SHOWN, count + select.querySelectorAll('optgroup').length));
    else select.removeAttribute('size');
    tell(words.length && !count ? (select.dataset['finderNone'] ?? '') : '');
  };

  field.addEventListener('input', filter);
  field.addEventListener('keydown', (event) => {
    if (event.isComposing) return; // Enter ends a pinyin word, not the search
    if (event.key === 'Enter') {
      event.preventDefault();
      if (field.value && select.options.length && select.selectedIndex < 0) select.selectedIndex = 0;
      take();
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      select.focus();
      if (select.selectedIndex < 0) select.selectedIndex = 0;
    }
  });

  /** The choice is made: the whole list is there again, closed, with what was chosen. */
  const take = () => {
    if (select.selectedIndex < 0) return;
    chosen = select.value;
    field.value = '';
    filter();
    select.dispatchEvent(new Event('change', { bubbles: true }));
  };
  select.addEventListener('change', () => {
    if (select.selectedIndex < 0) return;
    chosen = select.value;
    tell();
  });
  select.addEventListener('click', (event) => {
    if (select.size > 1 && event.target instanceof HTMLOptionElement) take();
  });
  select.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && select.size > 1) {
      event.preventDefault();
      take();
    }
  });
  select.form?.addEventListener('submit', () => {
    if (select.selectedIndex < 0 && chosen) select.value = chosen;
  });
  tell();
}

export function startFinders(): void {
  behaviour('select[data-finder]', start);
}
