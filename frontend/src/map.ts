// The script of pages with a map: boundaries, cases, choosing a place.
import './map.scss';

import { board, drawAreas, features, fit } from './map/board';
import { Crowd } from './map/crowd';
import { picking } from './map/pick';
import { behaviour, wake } from './page/behaviour';

async function start(element: HTMLElement): Promise<void> {
  const map = board(element);
  picking(map, element);
  const { geojsonUrl, pointsUrl, fit: what } = element.dataset;
  const crowd = new Crowd(map);
  let whole: ReturnType<typeof drawAreas> | null = null;
  if (geojsonUrl) {
    const collection = await features(geojsonUrl);
    if (collection) {
      // Where a point is to be chosen, a press means that point and not the area under it.
      whole = drawAreas(map, collection, { interactive: element.dataset['pickLon'] === undefined });
      if (what !== 'points') fit(map, element, whole);
      if (!pointsUrl && collection.features.some((feature) => feature.geometry?.type === 'Point')) {
        crowd.show(collection);
        fit(map, element, crowd);
      }
    }
  }
  if (pointsUrl) {
    const collection = await features(pointsUrl);
    if (collection) {
      crowd.show(collection);
      fit(map, element, crowd);
    }
  }
  if (whole) fit(map, element, whole);
}

behaviour('[data-map]:not([data-editor])', (element) => void start(element));
wake();
