// The script of the boundary page: draw, move, cut and delete polygons; the result is GeoJSON in a textarea.
import '@geoman-io/leaflet-geoman-free';
import '@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.css';
import './map.scss';

import L from 'leaflet';

import { board, drawAreas, features, fit } from './map/board';
import { behaviour, wake } from './page/behaviour';
import { toast } from './page/toasts';
import { language, word } from './page/words';

type Ring = number[][];

/** Every polygon drawn, as one geometry; null when nothing is drawn. */
function geometry(group: L.FeatureGroup): GeoJSON.Polygon | GeoJSON.MultiPolygon | null {
  const parts: Ring[][] = [];
  group.eachLayer((layer) => {
    if (!(layer instanceof L.Polygon)) return;
    const shape = layer.toGeoJSON(6).geometry;
    if (shape.type === 'Polygon') parts.push(shape.coordinates);
    else parts.push(...shape.coordinates);
  });
  const [first] = parts;
  if (!first) return null;
  return parts.length === 1 ? { type: 'Polygon', coordinates: first } : { type: 'MultiPolygon', coordinates: parts };
}

/** One layer for each polygon, so that each can be moved or removed by itself. */
function polygons(text: string): L.Polygon[] {
  const value = JSON.parse(text) as GeoJSON.Geometry | GeoJSON.Feature;
  const shape = value.type === 'Feature' ? value.geometry : value;
  const parts = shape.type === 'Polygon' ? [shape.coordinates] : shape.type === 'MultiPolygon' ? shape.coordinates : null;
  if (!parts) throw new SyntaxError('not a polygon');
  return parts.map((part) => L.polygon(L.GeoJSON.coordsToLatLngs(part, 1) as L.LatLng[][], { className: 'map-own' }));
}

async function start(element: HTMLElement): Promise<void> {
  const field = document.querySelector<HTMLTextAreaElement>(element.dataset['editor'] ?? '');
  if (!field) return;
  const map = board(element);
  const group = L.featureGroup().addTo(map);
  map.pm.setLang(language().startsWith('zh') ? 'zh' : 'en');
  map.pm.setGlobalOptions({ layerGroup: group, snapDistance: 12, pathOptions: { className: 'map-own' } });
  map.pm.addControls({
    position: 'topleft',
    drawMarker: false,
    drawCircleMarker: false,
    drawPolyline: false,
    drawCircle: false,
    drawText: false,
    drawRectangle: false,
    rotateMode: false,
  });

  // The tools come with a title on their frame only; a screen reader reads the button.
  for (const tool of element.querySelectorAll<HTMLElement>('.leaflet-buttons-control-button')) {
    const title = tool.closest<HTMLElement>('.button-container')?.title;
    if (title) tool.setAttribute('aria-label', title);
  }

  const write = () => {
    const shape = geometry(group);
    field.value = shape ? JSON.stringify(shape) : '';
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const watch = (layer: L.Layer) => {
    layer.on('pm:edit pm:dragend pm:cut pm:markerdragend pm:vertexremoved', write);
  };
  const read = () => {
    if (!field.value.trim()) return group.clearLayers();
    try {
      const layers = polygons(field.value);
      group.clearLayers();
      for (const layer of layers) {
        watch(layer);
        group.addLayer(layer);
      }
    } catch (error) {
      if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
      toast(word('badGeometry'), 'error');
    }
    return group;
  };

  map.on('pm:create', ({ layer }) => {
    group.addLayer(layer);
    watch(layer);
    write();
  });
  map.on('pm:cut', ({ layer }) => {
    watch(layer);
    write();
  });
  map.on('pm:remove', ({ layer }) => {
    group.removeLayer(layer);
    write();
  });
  field.addEventListener('change', read);
  read();
  fit(map, element, group);

  const { geojsonUrl } = element.dataset;
  const neighbours = geojsonUrl ? await features(geojsonUrl) : null;
  if (neighbours) {
    const drawn = drawAreas(map, neighbours, { className: 'map-area map-neighbour', interactive: false });
    // Neighbours are there to snap to, not to be changed.
    drawn.eachLayer((layer) => {
      (layer as L.Polygon).pm.setOptions({ allowEditing: false, allowRemoval: false, allowCutting: false, allowRotation: false, draggable: false });
    });
    fit(map, element, drawn);
    group.bringToFront();
  }
}

behaviour('[data-map][data-editor]', (element) => void start(element));
wake();
