// data-place-search="URL": a name search over the district's places, after the ARIA combobox pattern; with
// data-what="people" over people.
//
// The address answers ?q= with [{label, detail, lon, lat, id}]. Without script the input is plain text and the
// form sends what was typed.
import { behaviour } from './behaviour';
import { degrees, fill, input as find, make } from './dom';
import { word } from './words';

interface Place {
  id: number | string | null;
  label: string;
  detail: string;
  lon: number | null;
  lat: number | null;
}

const WAIT_MS = 200;
let count = 0;

function start(element: HTMLElement): void {
  const input = element.querySelector<HTMLInputElement>('input[type="search"], input[type="text"]');
  const url = element.dataset['placeSearch'];
  if (!input || !url) return;
  const what = element.dataset['what'] ?? 'places';
  const id = `places-${++count}`;
  const list = make('ul', { id, role: 'listbox', class: 'places', 'aria-label': word(what), hidden: true });
  const status = make('span', { class: 'visually-hidden', role: 'status' });
  for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': id, autocomplete: 'off' })) {
    input.setAttribute(name, value);
  }
  element.classList.add('is-live');
  input.after(list, status);

  const hidden = find(element.dataset['placeId']);
  let places: Place[] = [];
  let active = -1;
  let timer = 0;
  let asking: AbortController | null = null;

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };

  const point = (index: number) => {
    active = index;
    [...list.children].forEach((option, at) => {
      option.setAttribute('aria-selected', String(at === index));
      if (at === index) option.scrollIntoView({ block: 'nearest' });
    });
    if (index >= 0) input.setAttribute('aria-activedescendant', `${id}-${index}`);
    else input.removeAttribute('aria-activedescendant');
  };

  const choose = (place: Place) => {
    input.value = place.label;
    fill(hidden, place.id === null ? '' : String(place.id));
    close();
    if (place.lon !== null && place.lat !== null) {
      const detail = { lon: place.lon, lat: place.lat, label: place.label };
      element.dispatchEvent(new CustomEvent('point:chosen', { bubbles: true, detail }));
    }
    input.dispatchEvent(new Event('change', { bubbles: true }));
  };

  const draw = () => {
    list.replaceChildren(
      ...places.map((place, index) => {
        const option = make('li', { id: `${id}-${index}`, role: 'option', 'aria-selected': 'false' }, make('span', { class: 'place-label' }, place.label));
        if (place.detail) option.append(make('span', { class: 'place-detail' }, place.detail));
        option.addEventListener('pointerdown', (event) => event.preventDefault()); // the input keeps the focus
        option.addEventListener('click', () => choose(place));
        return option;
      }),
    );
    active = -1;
    list.hidden = places.length === 0;
    input.setAttribute('aria-expanded', String(places.length > 0));
    status.textContent = places.length ? word(`${what}Found`, { count: places.length }) : word(`${what}None`);
  };

  const ask = async (text: string) => {
    asking?.abort();
    asking = new AbortController();
    try {
      const address = new URL(url, location.href);
      address.searchParams.set('q', text);
      const response = await fetch(address, { signal: asking.signal, headers: { Accept: 'application/json' } });
      if (!response.ok) return close();
      places = (await response.json()) as Place[];
      draw();
    } catch (error) {
      // A newer question cut this one off, or the network is away: what was typed still stands.
      if (!(error instanceof TypeError) && !(error instanceof DOMException)) throw error;
    }
  };

  input.addEventListener('input', () => {
    clearTimeout(timer);
    fill(hidden, '');
    const text = input.value.trim();
    if (!text) return close();
    timer = window.setTimeout(() => void ask(text), WAIT_MS);
  });
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return; // Enter ends a pinyin word, not the search
    if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault();
      return close();
    }
    if (event.key === 'Enter' && !list.hidden) {
      event.preventDefault();
      const place = places[active >= 0 ? active : 0];
      if (place) choose(place);
      return;
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    if (list.hidden) return void (places.length && draw());
    const step = event.key === 'ArrowDown' ? 1 : -1;
    point((active + step + places.length) % places.length);
  });
  input.addEventListener('blur', () => setTimeout(close, 150));
}

/** A chosen point, from a place name or from "my position", goes into the form's longitude and latitude. */
function write(event: Event): void {
  const { lon, lat } = (event as CustomEvent<{ lon: number; lat: number }>).detail;
  const element = event.target as HTMLElement;
  fill(find(element.dataset['lon']), degrees(lon));
  fill(find(element.dataset['lat']), degrees(lat));
}

export function startPlaces(): void {
  behaviour('[data-place-search]', start);
  document.addEventListener('point:chosen', write);
}
