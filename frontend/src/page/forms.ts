// Forms that forgive: unsent words are kept on this device, and a second click sends nothing twice.
import { behaviour } from './behaviour';
import { make } from './dom';
import { endedAtSignIn } from './requests';
import { word } from './words';

const DRAFT = 'draft:';
const SENT = 'draft-sent';
const KEPT_DAYS = 7;
const AGAIN_AFTER_MS = 20_000;

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

interface Draft {
  at: number;
  values: Record<string, string[]>;
}

/** What a draft may hold: words and choices, never files, passwords, phones or hidden tokens. */
function keepable(element: Element): element is Field {
  if (element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) return wanted(element);
  if (!(element instanceof HTMLInputElement)) return false;
  if (['file', 'password', 'tel', 'submit', 'button', 'reset', 'image'].includes(element.type)) return false;
  if (element.autocomplete.startsWith('tel') || element.name === 'csrfmiddlewaretoken') return false;
  return wanted(element);
}

function wanted(element: Field): boolean {
  return element.name !== '' && !/phone|mobile|password/i.test(element.name) && !element.closest('[data-no-draft]');
}

function fieldsOf(form: HTMLFormElement): Field[] {
  return [...form.elements].filter(keepable);
}

function read(form: HTMLFormElement): Draft {
  const values: Record<string, string[]> = {};
  for (const field of fieldsOf(form)) {
    if (field instanceof HTMLInputElement && (field.type === 'checkbox' || field.type === 'radio')) {
      values[field.name] ??= [];
      if (field.checked) values[field.name]?.push(field.value);
    } else {
      (values[field.name] ??= []).push(field.value);
    }
  }
  return { at: Date.now(), values };
}

function isEmpty(field: Field): boolean {
  if (field instanceof HTMLSelectElement) return ![...field.options].some((option) => option.defaultSelected && option.value);
  if (field instanceof HTMLInputElement && (field.type === 'checkbox' || field.type === 'radio')) return !field.defaultChecked;
  return field.defaultValue === '' && field.value === '';
}

/** Put kept words back where the server has sent none; true when something came back. */
function restore(form: HTMLFormElement, draft: Draft): boolean {
  let restored = false;
  for (const field of fieldsOf(form)) {
    const values = draft.values[field.name];
    if (!values || !isEmpty(field)) continue;
    if (field instanceof HTMLInputElement && (field.type === 'checkbox' || field.type === 'radio')) {
      const checked = values.includes(field.value);
      restored ||= checked !== field.checked;
      field.checked = checked;
    } else if (values[0]) {
      field.value = values[0];
      restored = true;
      field.dispatchEvent(new Event('change', { bubbles: true }));
    }
  }
  return restored;
}

function stored(key: string): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(DRAFT + key) ?? 'null') as Draft | null;
    return draft && Date.now() - draft.at < KEPT_DAYS * 86_400_000 ? draft : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DOMException) return null; // storage is off, or not ours
    throw error;
  }
}

function store(key: string, draft: Draft): void {
  try {
    localStorage.setItem(DRAFT + key, JSON.stringify(draft));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // storage is full or off: there is no draft, and no harm
  }
}

function forgetDraft(key: string): void {
  localStorage.removeItem(DRAFT + key);
}

function forgetAllDrafts(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(DRAFT)) localStorage.removeItem(key);
}

function keepDraft(form: HTMLElement): void {
  const key = form.dataset['draft'];
  if (!(form instanceof HTMLFormElement) || !key) return;
  const draft = stored(key);
  if (draft && restore(form, draft)) {
    const discard = make('button', { type: 'button', class: 'btn btn-link btn-sm' }, word('discard'));
    const note = make('p', { class: 'draft-note', role: 'status' }, word('restored'), ' ', discard);
    discard.addEventListener('click', () => {
      forgetDraft(key);
      form.reset();
      form.dispatchEvent(new Event('change', { bubbles: true }));
      note.remove();
    });
    form.prepend(note);
  }
  let timer = 0;
  const save = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => store(key, read(form)), 400);
  };
  form.addEventListener('input', save);
  form.addEventListener('change', save);
  form.addEventListener('submit', () => {
    clearTimeout(timer);
    store(key, read(form));
    sessionStorage.setItem(SENT, key);
  });
  form.addEventListener('htmx:afterRequest', (event) => {
    if (event.target !== form) return;
    sessionStorage.removeItem(SENT);
    // An answer that leads elsewhere is a success too, which htmx does not call one.
    const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
    if (xhr.status >= 200 && xhr.status < 400 && !endedAtSignIn(xhr)) forgetDraft(key);
  });
}

/** A form was sent and the answer is a page without it: it has arrived, so its draft has done its work. */
function settleSent(): void {
  const key = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  const main = document.querySelector('main');
  if (!key || !main || main.dataset['trouble'] !== undefined) return;
  if (!document.querySelector(`form[data-draft="${CSS.escape(key)}"]`)) forgetDraft(key);
}

/** The first click sends; until the answer is there, another one does nothing. */
function sendOnce(event: SubmitEvent): void {
  const form = event.target;
  const button = event.submitter;
  if (!(form instanceof HTMLFormElement)) return;
  if (form.dataset['once'] === undefined && button?.dataset['once'] === undefined) return;
  if (form.dataset['sent'] !== undefined) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset['sent'] = '';
  form.setAttribute('aria-busy', 'true');
  // After the form's data is gathered: a disabled button would not send its own name and value.
  setTimeout(() => {
    if (button instanceof HTMLButtonElement) {
      button.disabled = true;
      button.classList.add('is-sending');
    }
  });
  setTimeout(() => open(form), AGAIN_AFTER_MS);
}

function open(form: HTMLFormElement): void {
  delete form.dataset['sent'];
  form.removeAttribute('aria-busy');
  for (const button of form.querySelectorAll<HTMLButtonElement>('button.is-sending')) {
    button.disabled = false;
    button.classList.remove('is-sending');
  }
}

function openAll(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-sent]')) open(form);
}

export function startForms(): void {
  settleSent();
  behaviour('form[data-draft]', keepDraft);
  behaviour('[data-draft-done]', (element) => forgetDraft(element.dataset['draftDone'] ?? ''));
  // Choosing a filter sends the form at once; its button is for pages without script.
  behaviour('form[data-send-on-change]', (form) => {
    form.addEventListener('change', () => form instanceof HTMLFormElement && form.requestSubmit());
  });
  document.addEventListener('submit', sendOnce, true);
  document.addEventListener('submit', (event) => {
    if (event.target instanceof HTMLElement && event.target.dataset['forgetDrafts'] !== undefined) forgetAllDrafts();
  });
  document.addEventListener('htmx:afterRequest', (event) => {
    if (event.target instanceof HTMLFormElement) open(event.target);
  });
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) openAll();
  });
}
