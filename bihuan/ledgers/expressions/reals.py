"""Functions of real numbers, reckoned in whole numbers, so that server and browsers agree in the last digit.

The mathematical libraries of languages and browsers differ in the last place. A number here is a whole
number of 2 to the power of −192; only the last step rounds to a double.
`frontend/src/expressions/reals.ts` is the twin.
"""

import math
from functools import cache

BITS = 192
ONE = 1 << BITS
TINY = 2.0**-27  # below it sine, tangent and their inverses round to their argument
LARGEST, SMALLEST = 710, -746  # what e may be raised to before a double ends
NAN, INFINITY = math.nan, math.inf


def parts(value: float) -> tuple[int, int]:
    """Whole number and power of two whose product is the value."""
    mantissa, power = math.frexp(value)
    return int(mantissa * 2.0**53), power - 53


def exact(value: float, bits: int = BITS) -> int:
    whole, power = parts(value)
    shift = power + bits
    return whole << shift if shift >= 0 else whole >> -shift


def rounded(fixed: int, power: int = 0) -> float:
    """The double nearest to a number times a power of two."""
    try:
        return math.ldexp(float(fixed), power - BITS)
    except OverflowError:
        return INFINITY if fixed > 0 else -INFINITY


def _inverse_tangent_of_part(divisor: int, bits: int) -> int:
    power = (1 << bits) // divisor
    total, number, sign = 0, 1, 1
    while power:
        total += sign * (power // number)
        power //= divisor * divisor
        number, sign = number + 2, -sign
    return total


@cache
def half_pi(bits: int) -> int:
    """Half of π, by Machin's formula."""
    more = bits + 32
    return (8 * _inverse_tangent_of_part(5, more) - 2 * _inverse_tangent_of_part(239, more)) >> 32


def _area_tangent(value: int) -> int:
    square = value * value >> BITS
    total, power, number = 0, value, 1
    while power:
        total += power // number
        power, number = power * square >> BITS, number + 2
    return total


LN_2 = 2 * _area_tangent(ONE // 3)


def _exponential(fixed: int) -> float:
    power, rest = divmod(fixed, LN_2)
    total, term, number = 0, ONE, 1
    while term:
        total += term
        term, number = (term * rest >> BITS) // number, number + 1
    return rounded(total, power)


def _logarithm(value: float) -> int:
    whole, power = parts(value)
    between = whole << (BITS - 52)  # from one to two
    return (power + 52) * LN_2 + 2 * _area_tangent(((between - ONE) << BITS) // (between + ONE))


LN_10 = _logarithm(10.0)


def exp(value: float) -> float:
    if math.isnan(value):
        return NAN
    if value > LARGEST:
        return INFINITY
    return 0.0 if value < SMALLEST else _exponential(exact(value))


def _edge(value: float) -> float | None:
    """What a logarithm says where it has no number to say."""
    if value == 0:
        return -INFINITY
    if math.isnan(value) or value < 0:
        return NAN
    return INFINITY if value == INFINITY else None


def log(value: float) -> float:
    edge = _edge(value)
    return rounded(_logarithm(value)) if edge is None else edge


def log10(value: float) -> float:
    edge = _edge(value)
    return rounded((_logarithm(value) << BITS) // LN_10) if edge is None else edge


def power(base: float, exponent: float) -> float:
    if exponent == 0:
        return 1.0
    if math.isnan(base) or math.isnan(exponent):
        return NAN
    size = abs(base)
    if size == 1 and math.isinf(exponent):
        return 1.0
    if size in (0.0, INFINITY) or math.isinf(exponent):
        grows = (size > 1) == (exponent > 0)
        magnitude = INFINITY if grows else 0.0
    else:
        magnitude = _power_of_size(size, exponent)
    if base >= 0 or math.isinf(exponent):
        return magnitude
    if exponent != math.floor(exponent):
        return magnitude if math.isinf(base) else NAN
    return -magnitude if math.fmod(exponent, 2) != 0 else magnitude


def _power_of_size(size: float, exponent: float) -> float:
    logarithm = _logarithm(size)
    about = rounded(logarithm) * exponent
    if about > LARGEST:
        return INFINITY
    if about < SMALLEST:
        return 0.0
    whole, shift = parts(exponent)
    product = logarithm * whole
    return _exponential(product << shift if shift >= 0 else product >> -shift)


def _turned(value: float) -> tuple[int, int]:
    """Quarter of the circle, and what is left of the angle within it."""
    _whole, power = parts(value)
    bits = BITS + max(0, power + 53)
    quarter, rest = divmod(exact(value, bits), half_pi(bits))
    return quarter & 3, rest >> (bits - BITS)


def _series(angle: int, term: int, number: int) -> int:
    square = angle * angle >> BITS
    total, sign = 0, 1
    while term:
        total += sign * term
        term = (term * square >> BITS) // ((number + 1) * (number + 2))
        number, sign = number + 2, -sign
    return total


def _sine(quarter: int, angle: int) -> int:
    size = _series(angle, ONE, 0) if quarter & 1 else _series(angle, angle, 1)
    return -size if quarter & 2 else size


def sin(value: float) -> float:
    if not math.isfinite(value):
        return NAN
    if abs(value) < TINY:
        return value
    sine = rounded(_sine(*_turned(abs(value))))
    return -sine if value < 0 else sine


def cos(value: float) -> float:
    if not math.isfinite(value):
        return NAN
    quarter, angle = _turned(abs(value)) if value else (0, 0)
    return rounded(_sine(quarter + 1, angle))


def tan(value: float) -> float:
    if not math.isfinite(value):
        return NAN
    if abs(value) < TINY:
        return value
    quarter, angle = _turned(abs(value))
    up, along = _series(angle, angle, 1), _series(angle, ONE, 0)
    tangent = rounded((along << BITS) // up if quarter & 1 else (up << BITS) // along)
    return -tangent if bool(quarter & 1) != (value < 0) else tangent


def _inverse_tangent(value: int) -> int:
    """Euler's series; the value from zero to one."""
    square = value * value >> BITS
    ratio = (square << BITS) // (ONE + square)
    total, term, number = 0, (value << BITS) // (ONE + square), 1
    while term:
        total += term
        term, number = (term * ratio >> BITS) * (2 * number) // (2 * number + 1), number + 1
    return total


def _angle(up: int, along: int) -> int:
    """The angle of a direction in the first quarter."""
    if up <= along:
        return _inverse_tangent((up << BITS) // along)
    return half_pi(BITS) - _inverse_tangent((along << BITS) // up)


def asin(value: float) -> float:
    if not abs(value) <= 1:
        return NAN
    if abs(value) < TINY:
        return value
    sine = exact(abs(value))
    angle = rounded(_angle(sine, math.isqrt(ONE * ONE - sine * sine)))
    return -angle if value < 0 else angle


def acos(value: float) -> float:
    if not abs(value) <= 1:
        return NAN
    cosine = exact(abs(value))
    angle = _angle(math.isqrt(ONE * ONE - cosine * cosine), cosine)
    return rounded(2 * half_pi(BITS) - angle if value < 0 else angle)


def atan(value: float) -> float:
    return atan2(value, 1.0)


def atan2(up: float, along: float) -> float:
    if math.isnan(up) or math.isnan(along):
        return NAN
    size = rounded(_direction(abs(up), along))
    if 0 < along < INFINITY and abs(up) / along < TINY:
        size = abs(up) / along
    return -size if up < 0 else size


def _direction(up: float, along: float) -> int:
    flat = up == 0 or (math.isinf(along) and not math.isinf(up))
    if flat:
        return 2 * half_pi(BITS) if along < 0 else 0
    if math.isinf(up):
        angle = half_pi(BITS) >> 1 if math.isinf(along) else half_pi(BITS)
    else:
        (whole_up, power_up), (whole_along, power_along) = parts(up), parts(abs(along))
        least = min(power_up, power_along)
        angle = _angle(whole_up << (power_up - least), whole_along << (power_along - least))
    return 2 * half_pi(BITS) - angle if along < 0 else angle
