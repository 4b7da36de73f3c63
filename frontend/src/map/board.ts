// A map of the district: tiles where an address for them is set, else the boundaries drawn from our own data.
import L from 'leaflet';

import { make } from '../page/dom';
import { toast } from '../page/toasts';
import { word } from '../page/words';

const DISTRICT_ZOOM = 13;
const CLOSEST = 19;

export interface AreaFacts {
  label?: string;
  title?: string;
  detail?: string;
  url?: string;
  level?: string;
}

/** A Leaflet map in this element, with the page's language, tiles and starting point. */
export function board(element: HTMLElement): L.Map {
  const map = L.map(element, { zoomControl: false, attributionControl: false, maxZoom: CLOSEST, minZoom: 4 });
  L.control.zoom({ zoomInTitle: word('zoomIn'), zoomOutTitle: word('zoomOut'), position: 'topright' }).addTo(map);
  const tiles = element.dataset['tiles'];
  if (tiles) L.tileLayer(tiles, { maxZoom: CLOSEST, crossOrigin: true }).addTo(map);
  const lon = Number.parseFloat(element.dataset['lon'] ?? '');
  const lat = Number.parseFloat(element.dataset['lat'] ?? '');
  const known = Number.isFinite(lon) && Number.isFinite(lat);
  map.setView(known ? [lat, lon] : [35, 105], Number(element.dataset['zoom']) || (known ? DISTRICT_ZOOM : 4));
  if (known) element.dataset['placed'] = '';
  // A map that was drawn while its tab or dialog was hidden has no size yet.
  new ResizeObserver(() => map.invalidateSize()).observe(element);
  return map;
}

/** GeoJSON from our own server. */
export async function features(url: string): Promise<GeoJSON.FeatureCollection | null> {
  try {
    const response = await fetch(url, { headers: { Accept: 'application/geo+json, application/json' } });
    if (response.ok) return (await response.json()) as GeoJSON.FeatureCollection;
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof SyntaxError)) throw error;
  }
  toast(word('mapFailed'), 'warning');
  return null;
}

/** A person's way from the map to what is shown there; words go in as text, never as markup. */
export function card(facts: AreaFacts): HTMLElement {
  const body = make('div', { class: 'map-card' });
  body.append(make('strong', {}, facts.title ?? facts.label ?? ''));
  if (facts.detail) body.append(make('p', {}, facts.detail));
  if (facts.url) body.append(make('a', { href: facts.url, class: 'btn btn-sm btn-primary' }, word('details')));
  return body;
}

/** Draw areas with their names; names that would lie on each other are left out until there is room. */
export function drawAreas(map: L.Map, collection: GeoJSON.FeatureCollection, options: L.PathOptions = {}): L.GeoJSON {
  const names: { at: L.LatLng; label: string; size: number }[] = [];
  const layer = L.geoJSON(collection, {
    style: () => ({ className: 'map-area', weight: 1.5, fillOpacity: 0.08, ...options }),
    filter: (feature) => feature.geometry !== null && /Polygon|Line/.test(feature.geometry.type),
    onEachFeature: (feature, drawn) => {
      const facts = (feature.properties ?? {}) as AreaFacts;
      const shape = drawn as L.Polygon;
      const text = facts.label ?? facts.title;
      if (text) {
        const bounds = shape.getBounds();
        const point = (feature.properties as { point?: [number, number] } | null)?.point;
        const at = point ? L.latLng(point[1], point[0]) : bounds.getCenter();
        names.push({ at, label: text, size: bounds.getNorth() - bounds.getSouth() });
      }
      if (facts.url && options.interactive !== false) shape.bindPopup(() => card(facts));
    },
  }).addTo(map);

  const labels = L.layerGroup().addTo(map);
  const place = () => {
    labels.clearLayers();
    const taken: L.Bounds[] = [];
    for (const { at, label } of [...names].sort((a, b) => b.size - a.size)) {
      const middle = map.latLngToContainerPoint(at);
      const half = L.point(width(label) / 2 + 2, 11);
      const box = L.bounds(middle.subtract(half), middle.add(half));
      if (taken.some((other) => other.intersects(box))) continue;
      taken.push(box);
      const text = make('span', {}, label);
      labels.addLayer(L.marker(at, { icon: L.divIcon({ className: 'map-name', html: text, iconSize: [0, 0] }), interactive: false, keyboard: false }));
    }
  };
  map.on('zoomend viewreset', place);
  place();
  return layer;
}

/** About how wide a name is drawn: Han characters are square. */
function width(label: string): number {
  return [...label].reduce((sum, character) => sum + (character > '\u2e7f' ? 13 : 7.5), 0);
}

/** Show all of it, unless the page said where to look. */
export function fit(map: L.Map, element: HTMLElement, layer: { getBounds(): L.LatLngBounds }): void {
  const bounds = layer.getBounds();
  if (element.dataset['placed'] !== undefined || !bounds.isValid()) return;
  element.dataset['placed'] = '';
  const show = () => map.fitBounds(bounds, { padding: [16, 16], maxZoom: 17, animate: false });
  // In a tab or dialog that is not open yet there is no size to fit into: wait for one.
  if (element.clientWidth) show();
  else map.once('resize', show);
}

const SPACE = 'http://www.w3.org/2000/svg';

/** A pin drawn by us: Leaflet's own is a picture whose address it guesses from style sheets. */
export function pin(tone = ''): L.DivIcon {
  const svg = document.createElementNS(SPACE, 'svg');
  svg.setAttribute('viewBox', '0 0 28 38');
  const drop = document.createElementNS(SPACE, 'path');
  drop.setAttribute('d', 'M14 1C6.8 1 1 6.7 1 13.8 1 23 14 37 14 37s13-14 13-23.2C27 6.7 21.2 1 14 1Z');
  const eye = document.createElementNS(SPACE, 'circle');
  for (const [name, value] of Object.entries({ cx: '14', cy: '14', r: '5' })) eye.setAttribute(name, value);
  svg.append(drop, eye);
  const holder = document.createElement('div');
  holder.append(svg);
  return L.divIcon({
    className: `map-pin${tone ? ` tone-${tone}` : ''}`,
    html: holder,
    iconSize: [28, 38],
    iconAnchor: [14, 37],
    popupAnchor: [0, -34],
  });
}
