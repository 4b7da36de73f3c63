// Lengths and areas on a sphere, of points as ODK writes them. The twin of bihuan/ledgers/expressions/places.py.
import * as reals from './reals.ts';
import { NUMBER, rounded } from './values.ts';

const RADIUS = 6_378_100; // m, at the equator, as ODK has it
const PLACES = 2;

type Point = readonly [number, number];

/** Latitude and longitude of “lat lon”, “lat lon altitude” or “lat lon altitude accuracy”. */
function point(text: string): Point | null {
  const said = text.split(' ');
  if (said.length < 2 || said.length > 4 || !said.every((part) => NUMBER.test(part))) return null;
  const [latitude, longitude] = [Number(said[0]), Number(said[1])];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? [latitude, longitude] : null;
}

/** The points of geopoints, a geotrace or a geoshape; none when one of them is no point. */
function points(nodes: string[]): Point[] | null {
  const said = nodes.flatMap((node) => node.split(';')).map((part) => part.replace(/^ +| +$/g, ''));
  const found = said.filter((part) => part).map(point);
  const whole = found.filter((one) => one !== null);
  return whole.length && whole.length === found.length ? whole : null;
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

/** Metres along the points, by the haversine formula. */
export function distance(nodes: string[]): number {
  const path = points(nodes);
  if (!path) return NaN;
  let total = 0;
  let before: Point | null = null;
  for (const here of path) {
    if (before) {
      const north = reals.sin(radians(here[0] - before[0]) / 2);
      const east = reals.sin(radians(here[1] - before[1]) / 2);
      const along = reals.cos(radians(before[0])) * reals.cos(radians(here[0]));
      const share = north * north + along * east * east;
      total += 2 * RADIUS * reals.asin(Math.min(1, Math.sqrt(share)));
    }
    before = here;
  }
  return rounded(total, PLACES);
}

/** Square metres within the points, by the formula of Chamberlain and Duquette. */
export function area(nodes: string[]): number {
  const shape = points(nodes);
  if (!shape) return NaN;
  if (shape.length < 3) return 0;
  let total = 0;
  shape.forEach((here, index) => {
    const next = shape[(index + 1) % shape.length] as Point;
    const sines = reals.sin(radians(here[0])) + reals.sin(radians(next[0]));
    total += radians(next[1] - here[1]) * (2 + sines);
  });
  return rounded(Math.abs((total * RADIUS * RADIUS) / 2), PLACES);
}
