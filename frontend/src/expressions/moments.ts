// Dates and times as ODK writes them, reckoned as days in the district's own time; the browser's zone is never asked.
//
// A date is a whole number of days since 1970-01-01, whatever the zone; a time of day is the fraction. The twin of
// bihuan/ledgers/expressions/moments.py.

const DAY = 86_400_000;
const MINUTE = 60_000;
const FURTHEST = 4_000_000;

const DATE = '([0-9]{4})-([0-9]{2})-([0-9]{2})';
const CLOCK = '([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\\.([0-9]{1,9}))?)?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?';
const MOMENT = new RegExp(`^${DATE}(?:T${CLOCK})?$`);
const TIME = new RegExp(`^${CLOCK}$`);

const MONTHS = {
  en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  zh: ['1月', '2月', '3月', '4月', '5月', '6月', '7月', '8月', '9月', '10月', '11月', '12月'],
};
const WEEKDAYS = {
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
  zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
};
export const DATE_SIGNS = 'Yymnbdea%';
export const TIME_SIGNS = `${DATE_SIGNS}HhMS3`;

function divided(one: number, other: number): number {
  return Math.floor(one / other);
}

function rest(one: number, other: number): number {
  return one - divided(one, other) * other;
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** Days since 1970-01-01 of a date in the Gregorian calendar. */
function dayOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = divided(shifted, 400);
  const ofEra = shifted - era * 400;
  const ofYear = divided(153 * ((month + 9) % 12) + 2, 5) + day - 1;
  return era * 146_097 + ofEra * 365 + divided(ofEra, 4) - divided(ofEra, 100) + ofYear - 719_468;
}

/** Year, month and day. */
function dateOf(day: number): [number, number, number] {
  const shifted = day + 719_468;
  const era = divided(shifted, 146_097);
  const ofEra = shifted - era * 146_097;
  const year = divided(ofEra - divided(ofEra, 1_460) + divided(ofEra, 36_524) - divided(ofEra, 146_096), 365);
  const ofYear = ofEra - (365 * year + divided(year, 4) - divided(year, 100));
  const month = divided(5 * ofYear + 2, 153);
  return [
    year + era * 400 + (month >= 10 ? 1 : 0),
    month < 10 ? month + 3 : month - 9,
    ofYear - divided(153 * month + 2, 5) + 1,
  ];
}

/** Minutes of an offset such as +08:00. */
function offsetOf(text: string): number {
  if (text === 'Z') return 0;
  const digits = text.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return text.startsWith('-') ? -minutes : minutes;
}

/** Milliseconds since midnight in the zone; they may lie in the day before or after. */
function timeOf(found: (string | undefined)[], zone: number): number | null {
  const [hour, minute, second] = [Number(found[0] ?? 0), Number(found[1] ?? 0), Number(found[2] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return null;
  const offset = found[4] === undefined ? zone : offsetOf(found[4]);
  if (Math.abs(offset) >= 1440) return null;
  const fraction = Number((found[3] ?? '').padEnd(3, '0').slice(0, 3));
  return ((hour * 60 + minute) * 60 + second) * 1000 + fraction + (zone - offset) * MINUTE;
}

/** Local milliseconds since 1970-01-01 of a date or date-time; none when it is neither. */
export function read(text: string, zone: number): number | null {
  const found = MOMENT.exec(text);
  if (!found) return null;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  if (month < 1 || month > 12 || year < 1) return null;
  const days = dayOf(year, month, day);
  const again = dateOf(days);
  if (again[0] !== year || again[1] !== month || again[2] !== day) return null;
  if (!text.includes('T')) return days * DAY;
  const time = timeOf(found.slice(4), zone);
  return time === null ? null : days * DAY + time;
}

/** A date or date-time as a number of days. */
export function days(text: string, zone: number): number {
  const moment = read(text, zone);
  return moment === null ? NaN : moment / DAY;
}

/** A time of day, or the time of a date-time, as a fraction of a day. */
export function fraction(text: string, zone: number): number {
  const found = TIME.exec(text);
  const moment = found ? timeOf(found.slice(1), zone) : read(text, zone);
  return moment === null ? NaN : rest(moment, DAY) / DAY;
}

/** Local milliseconds of a number of days; none outside the years 1 to 9999. */
export function momentOf(number: number): number | null {
  if (!(Math.abs(number) < FURTHEST)) return null;
  const moment = Math.floor(number * DAY + 0.5);
  const year = dateOf(divided(moment, DAY))[0];
  return year >= 1 && year <= 9999 ? moment : null;
}

export function writtenDate(moment: number | null): string {
  if (moment === null) return '';
  const [year, month, day] = dateOf(divided(moment, DAY));
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
}

export function writtenMoment(moment: number | null, zone: number): string {
  if (moment === null) return '';
  const ofDay = rest(moment, DAY);
  const clock = [divided(ofDay, 3_600_000), divided(ofDay, MINUTE) % 60, divided(ofDay, 1000) % 60];
  const time = `${clock.map((part) => padded(part, 2)).join(':')}.${padded(ofDay % 1000, 3)}`;
  const away = Math.abs(zone);
  const offset = `${zone < 0 ? '-' : '+'}${padded(divided(away, 60), 2)}:${padded(away % 60, 2)}`;
  return `${writtenDate(moment)}T${time}${offset}`;
}

/** A moment by a pattern such as %Y-%m-%d; what is no sign of the pattern stays as it is. */
export function formatted(moment: number | null, pattern: string, language: string, signs: string): string {
  if (moment === null) return '';
  const tongue = language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
  const [year, month, day] = dateOf(divided(moment, DAY));
  const ofDay = rest(moment, DAY);
  const hour = divided(ofDay, 3_600_000);
  const said: Record<string, string> = {
    Y: padded(year, 4),
    y: padded(year % 100, 2),
    m: padded(month, 2),
    n: String(month),
    b: MONTHS[tongue][month - 1] ?? '',
    d: padded(day, 2),
    e: String(day),
    a: WEEKDAYS[tongue][rest(divided(moment, DAY) + 4, 7)] ?? '',
    H: padded(hour, 2),
    h: String(hour),
    M: padded(divided(ofDay, MINUTE) % 60, 2),
    S: padded(divided(ofDay, 1000) % 60, 2),
    3: padded(ofDay % 1000, 3),
    '%': '%',
  };
  return pattern.replace(/%([A-Za-z0-9%])/g, (whole, sign: string) => (signs.includes(sign) ? (said[sign] ?? '') : whole));
}
