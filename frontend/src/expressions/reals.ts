// Functions of real numbers, reckoned in whole numbers, so that server and browsers agree in the last digit.
//
// A number here is a whole number of 2 to the power of −192; only the last step rounds to a double. The twin of
// bihuan/ledgers/expressions/reals.py.

const BITS = 192;
const SCALE = BigInt(BITS);
const ONE = 1n << SCALE;
const TINY = 2 ** -27; // below it sine, tangent and their inverses round to their argument
const LARGEST = 710;
const SMALLEST = -746; // what e may be raised to before a double ends

/** Two to a power that a normal double has. */
function powerOfTwo(power: number): number {
  return new Float64Array(new BigUint64Array([BigInt(power + 1023) << 52n]).buffer)[0] as number;
}

/** Whole number and power of two whose product is the value. */
function parts(value: number): [bigint, number] {
  if (value === 0) return [0n, -53];
  const small = Math.abs(value) < powerOfTwo(-1022);
  const bits = new BigUint64Array(new Float64Array([small ? value * powerOfTwo(54) : value]).buffer)[0] as bigint;
  const mantissa = (bits & ((1n << 52n) - 1n)) | (1n << 52n);
  const power = Number((bits >> 52n) & 2047n) - 1075 - (small ? 54 : 0);
  return [value < 0 ? -mantissa : mantissa, power];
}

function shifted(whole: bigint, shift: number): bigint {
  return shift >= 0 ? whole << BigInt(shift) : whole >> BigInt(-shift);
}

function exact(value: number, bits = BITS): bigint {
  const [whole, power] = parts(value);
  return shifted(whole, power + bits);
}

/** The double nearest to a number times a power of two. */
function rounded(fixed: bigint, power = 0): number {
  const value = Number(fixed);
  const rest = power - BITS;
  // In two steps where a double ends: the first is exact, so that only the last one rounds.
  return rest < -1000 ? value * powerOfTwo(rest + 500) * powerOfTwo(-500) : value * powerOfTwo(rest);
}

function inverseTangentOfPart(divisor: bigint, bits: bigint): bigint {
  let power = (1n << bits) / divisor;
  let total = 0n;
  let number = 1n;
  let sign = 1n;
  while (power) {
    total += sign * (power / number);
    power /= divisor * divisor;
    number += 2n;
    sign = -sign;
  }
  return total;
}

const halves = new Map<number, bigint>();

/** Half of π, by Machin's formula. */
function halfPi(bits: number): bigint {
  let half = halves.get(bits);
  if (half === undefined) {
    const more = BigInt(bits + 32);
    half = (8n * inverseTangentOfPart(5n, more) - 2n * inverseTangentOfPart(239n, more)) >> 32n;
    halves.set(bits, half);
  }
  return half;
}

function areaTangent(value: bigint): bigint {
  const square = (value * value) >> SCALE;
  let total = 0n;
  let power = value;
  let number = 1n;
  while (power) {
    total += power / number;
    power = (power * square) >> SCALE;
    number += 2n;
  }
  return total;
}

const LN_2 = 2n * areaTangent(ONE / 3n);

function exponential(fixed: bigint): number {
  let power = fixed / LN_2;
  let rest = fixed % LN_2;
  if (rest < 0n) {
    power -= 1n;
    rest += LN_2;
  }
  let total = 0n;
  let term = ONE;
  let number = 1n;
  while (term) {
    total += term;
    term = ((term * rest) >> SCALE) / number;
    number += 1n;
  }
  return rounded(total, Number(power));
}

function logarithm(value: number): bigint {
  const [whole, power] = parts(value);
  const between = whole << (SCALE - 52n); // from one to two
  return BigInt(power + 52) * LN_2 + 2n * areaTangent(((between - ONE) << SCALE) / (between + ONE));
}

const LN_10 = logarithm(10);

export function exp(value: number): number {
  if (Number.isNaN(value)) return NaN;
  if (value > LARGEST) return Infinity;
  return value < SMALLEST ? 0 : exponential(exact(value));
}

/** What a logarithm says where it has no number to say. */
function edge(value: number): number | null {
  if (value === 0) return -Infinity;
  if (Number.isNaN(value) || value < 0) return NaN;
  return value === Infinity ? Infinity : null;
}

export function log(value: number): number {
  return edge(value) ?? rounded(logarithm(value));
}

function floorDivided(one: bigint, other: bigint): bigint {
  return one / other - (one % other !== 0n && one < 0n !== other < 0n ? 1n : 0n);
}

export function log10(value: number): number {
  return edge(value) ?? rounded(floorDivided(logarithm(value) << SCALE, LN_10));
}

export function power(base: number, exponent: number): number {
  if (exponent === 0) return 1;
  if (Number.isNaN(base) || Number.isNaN(exponent)) return NaN;
  const size = Math.abs(base);
  const endless = !Number.isFinite(exponent);
  if (size === 1 && endless) return 1;
  let magnitude: number;
  if (size === 0 || size === Infinity || endless) magnitude = size > 1 === exponent > 0 ? Infinity : 0;
  else magnitude = powerOfSize(size, exponent);
  if (base >= 0 || endless) return magnitude;
  if (exponent !== Math.floor(exponent)) return size === Infinity ? magnitude : NaN;
  return exponent % 2 !== 0 ? -magnitude : magnitude;
}

function powerOfSize(size: number, exponent: number): number {
  const logarithmOfSize = logarithm(size);
  const about = rounded(logarithmOfSize) * exponent;
  if (about > LARGEST) return Infinity;
  if (about < SMALLEST) return 0;
  const [whole, shift] = parts(exponent);
  return exponential(shifted(logarithmOfSize * whole, shift));
}

/** Quarter of the circle, and what is left of the angle within it. */
function turned(value: number): [number, bigint] {
  const power = parts(value)[1];
  const bits = BITS + Math.max(0, power + 53);
  const quarter = halfPi(bits);
  const whole = exact(value, bits);
  return [Number((whole / quarter) & 3n), (whole % quarter) >> BigInt(bits - BITS)];
}

function series(angle: bigint, first: bigint, from: bigint): bigint {
  const square = (angle * angle) >> SCALE;
  let term = first;
  let number = from;
  let total = 0n;
  let sign = 1n;
  while (term) {
    total += sign * term;
    term = ((term * square) >> SCALE) / ((number + 1n) * (number + 2n));
    number += 2n;
    sign = -sign;
  }
  return total;
}

function sine(quarter: number, angle: bigint): bigint {
  const size = quarter & 1 ? series(angle, ONE, 0n) : series(angle, angle, 1n);
  return quarter & 2 ? -size : size;
}

export function sin(value: number): number {
  if (!Number.isFinite(value)) return NaN;
  if (Math.abs(value) < TINY) return value;
  const found = rounded(sine(...turned(Math.abs(value))));
  return value < 0 ? -found : found;
}

export function cos(value: number): number {
  if (!Number.isFinite(value)) return NaN;
  const [quarter, angle]: [number, bigint] = value ? turned(Math.abs(value)) : [0, 0n];
  return rounded(sine(quarter + 1, angle));
}

export function tan(value: number): number {
  if (!Number.isFinite(value)) return NaN;
  if (Math.abs(value) < TINY) return value;
  const [quarter, angle] = turned(Math.abs(value));
  const odd = (quarter & 1) === 1;
  const up = series(angle, angle, 1n);
  const along = series(angle, ONE, 0n);
  const tangent = rounded(odd ? (along << SCALE) / up : (up << SCALE) / along);
  return odd !== value < 0 ? -tangent : tangent;
}

/** Euler's series; the value from zero to one. */
function inverseTangent(value: bigint): bigint {
  const square = (value * value) >> SCALE;
  const ratio = (square << SCALE) / (ONE + square);
  let term = (value << SCALE) / (ONE + square);
  let total = 0n;
  let number = 1n;
  while (term) {
    total += term;
    term = (((term * ratio) >> SCALE) * (2n * number)) / (2n * number + 1n);
    number += 1n;
  }
  return total;
}

/** The angle of a direction in the first quarter. */
function angleOf(up: bigint, along: bigint): bigint {
  if (up <= along) return inverseTangent((up << SCALE) / along);
  return halfPi(BITS) - inverseTangent((along << SCALE) / up);
}

function root(square: bigint): bigint {
  if (square < 2n) return square;
  let guess = 1n << BigInt((square.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (guess + square / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}

export function asin(value: number): number {
  if (!(Math.abs(value) <= 1)) return NaN;
  if (Math.abs(value) < TINY) return value;
  const found = exact(Math.abs(value));
  const angle = rounded(angleOf(found, root(ONE * ONE - found * found)));
  return value < 0 ? -angle : angle;
}

export function acos(value: number): number {
  if (!(Math.abs(value) <= 1)) return NaN;
  const cosine = exact(Math.abs(value));
  const angle = angleOf(root(ONE * ONE - cosine * cosine), cosine);
  return rounded(value < 0 ? 2n * halfPi(BITS) - angle : angle);
}

export function atan(value: number): number {
  return atan2(value, 1);
}

export function atan2(up: number, along: number): number {
  if (Number.isNaN(up) || Number.isNaN(along)) return NaN;
  let size = rounded(direction(Math.abs(up), along));
  if (along > 0 && along < Infinity && Math.abs(up) / along < TINY) size = Math.abs(up) / along;
  return up < 0 ? -size : size;
}

function direction(up: number, along: number): bigint {
  const endless = !Number.isFinite(along);
  if (up === 0 || (endless && up !== Infinity)) return along < 0 ? 2n * halfPi(BITS) : 0n;
  let angle: bigint;
  if (up === Infinity) angle = endless ? halfPi(BITS) >> 1n : halfPi(BITS);
  else {
    const [wholeUp, powerUp] = parts(up);
    const [wholeAlong, powerAlong] = parts(Math.abs(along));
    const least = Math.min(powerUp, powerAlong);
    angle = angleOf(wholeUp << BigInt(powerUp - least), wholeAlong << BigInt(powerAlong - least));
  }
  return along < 0 ? 2n * halfPi(BITS) - angle : angle;
}
