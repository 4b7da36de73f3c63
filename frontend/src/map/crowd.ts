// Many points on a map: drawn one by one where they are few, gathered by a grid of the screen where they are many.
import L from 'leaflet';

import { make } from '../page/dom';
import { word } from '../page/words';
import { type AreaFacts, card, pin } from './board';

const CELL = 72;
const APART_FROM = 17;

interface Spot {
  at: L.LatLng;
  facts: AreaFacts;
}

export class Crowd {
  private spots: Spot[] = [];
  private readonly layer: L.LayerGroup;

  constructor(private readonly map: L.Map) {
    this.layer = L.layerGroup().addTo(map);
    map.on('zoomend', () => this.draw());
  }

  show(collection: GeoJSON.FeatureCollection): void {
    this.spots = collection.features.flatMap((feature) => {
      if (feature.geometry?.type !== 'Point') return [];
      const [lon, lat] = feature.geometry.coordinates;
      return lon === undefined || lat === undefined ? [] : [{ at: L.latLng(lat, lon), facts: (feature.properties ?? {}) as AreaFacts }];
    });
    this.draw();
  }

  getBounds(): L.LatLngBounds {
    return L.latLngBounds(this.spots.map((spot) => spot.at));
  }

  private draw(): void {
    this.layer.clearLayers();
    const zoom = this.map.getZoom();
    const cells = new Map<string, Spot[]>();
    for (const spot of this.spots) {
      const point = this.map.project(spot.at, zoom);
      const cell = zoom >= APART_FROM ? `${spot.at.lat},${spot.at.lng}` : `${Math.floor(point.x / CELL)},${Math.floor(point.y / CELL)}`;
      const same = cells.get(cell);
      if (same) same.push(spot);
      else cells.set(cell, [spot]);
    }
    for (const spots of cells.values()) this.layer.addLayer(spots.length === 1 ? this.single(spots[0] as Spot) : this.group(spots));
  }

  private single({ at, facts }: Spot): L.Marker {
    const title = facts.title ?? facts.label ?? '';
    return L.marker(at, { icon: pin(facts.level), title, alt: title }).bindPopup(() => card(facts));
  }

  private group(spots: Spot[]): L.Marker {
    const bounds = L.latLngBounds(spots.map((spot) => spot.at));
    const size = spots.length < 10 ? 36 : spots.length < 100 ? 44 : 52;
    const over = spots.some((spot) => spot.facts.level === 'over');
    const title = word('cluster', { count: spots.length });
    const icon = L.divIcon({
      className: `map-group${over ? ' tone-over' : ''}`,
      html: make('span', {}, String(spots.length)),
      iconSize: [size, size],
    });
    const marker = L.marker(bounds.getCenter(), { icon, title, alt: title });
    // Cases at one and the same address cannot be pulled apart: list them.
    if (bounds.getNorthEast().equals(bounds.getSouthWest()) || this.map.getZoom() >= this.map.getMaxZoom()) {
      return marker.bindPopup(() => {
        const list = make('div', { class: 'map-list' });
        for (const spot of spots.slice(0, 50)) list.append(card(spot.facts));
        return list;
      });
    }
    return marker.on('click keypress', (event) => {
      const key = (event as unknown as { originalEvent: KeyboardEvent | MouseEvent }).originalEvent;
      if (key instanceof KeyboardEvent && key.key !== 'Enter') return;
      this.map.fitBounds(bounds, { padding: [40, 40], maxZoom: APART_FROM });
    });
  }
}
