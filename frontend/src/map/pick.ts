// Choosing one point on a map for a form: press the map, move the pin, or steer the cross and press Enter.
import L from 'leaflet';

import { degrees, fill, input } from '../page/dom';
import { word } from '../page/words';
import { pin } from './board';

const NEAR_ZOOM = 17;

export function picking(map: L.Map, element: HTMLElement): void {
  const lon = input(element.dataset['pickLon']);
  const lat = input(element.dataset['pickLat']);
  if (!lon || !lat) return;
  const marker = L.marker([0, 0], { icon: pin(), draggable: true, autoPan: true, title: word('pin'), alt: word('pin') });
  element.classList.add('map-picking');

  const write = (at: L.LatLng) => {
    const point = at.wrap();
    marker.setLatLng(point).addTo(map);
    fill(lon, degrees(point.lng));
    fill(lat, degrees(point.lat));
  };
  /** The form's values were changed by somebody else: a place name, "my position", a kept draft. */
  const read = (look: boolean) => {
    const at = [Number.parseFloat(lat.value), Number.parseFloat(lon.value)] as const;
    if (!at.every(Number.isFinite)) return marker.remove();
    marker.setLatLng([...at]).addTo(map);
    if (look) map.setView([...at], Math.max(map.getZoom(), NEAR_ZOOM));
    return marker;
  };

  map.on('click', (event) => write(event.latlng));
  marker.on('dragend', () => write(marker.getLatLng()));
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.target !== element) return;
    event.preventDefault();
    write(map.getCenter());
  });
  let waiting = 0;
  for (const field of [lon, lat]) {
    field.addEventListener('change', () => {
      clearTimeout(waiting);
      waiting = window.setTimeout(() => {
        const here = marker.getLatLng();
        const same = degrees(here.lng) === lon.value && degrees(here.lat) === lat.value;
        if (!same) read(true);
      });
    });
  }
  lon.form?.addEventListener('reset', () => setTimeout(() => read(false)));
  if (lon.value && lat.value) {
    element.dataset['placed'] = '';
    read(true);
  }
}
