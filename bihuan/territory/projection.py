"""Coordinate systems of Chinese maps: GCJ-02 and BD-09 to WGS-84 and back, on numbers or arrays.

GCJ-02 is WGS-84 with an official distortion, BD-09 is GCJ-02 distorted once more. The distortions have no
closed inverse; the inverse here is iterated until it is exact to a fraction of a millimetre.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Datum = Literal["wgs84", "gcj02", "bd09"]
Numbers = npt.NDArray[np.float64]

# The Krasovsky ellipsoid the distortion is defined on.
_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323
_BAIDU = np.pi * 3000.0 / 180.0


def to_wgs84(lon: Any, lat: Any, datum: Datum) -> tuple[Any, Any]:
    """A point (or arrays of points) of a Chinese map as GPS gives it. Off by less than 1e-9 degrees."""
    if datum == "wgs84":
        return lon, lat
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    if datum == "bd09":
        x, y = _undo(_gcj02_to_bd09, x, y)
    return _like(lon, *_undo(_wgs84_to_gcj02, x, y))


def from_wgs84(lon: Any, lat: Any, datum: Datum) -> tuple[Any, Any]:
    """A GPS point as a Chinese map draws it."""
    if datum == "wgs84":
        return lon, lat
    x, y = _wgs84_to_gcj02(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
    if datum == "bd09":
        x, y = _gcj02_to_bd09(x, y)
    return _like(lon, x, y)


def _like(given: Any, x: Numbers, y: Numbers) -> tuple[Any, Any]:
    return (float(x), float(y)) if np.ndim(given) == 0 else (x, y)


def _undo(forward: Any, lon: Numbers, lat: Numbers) -> tuple[Numbers, Numbers]:
    x, y = lon.copy(), lat.copy()
    for _round in range(30):  # shrinks about a thousandfold each round
        there_x, there_y = forward(x, y)
        off_x, off_y = lon - there_x, lat - there_y
        x, y = x + off_x, y + off_y
        if max(np.abs(off_x).max(initial=0), np.abs(off_y).max(initial=0)) < 1e-11:
            break
    return x, y


def _wgs84_to_gcj02(lon: Numbers, lat: Numbers) -> tuple[Numbers, Numbers]:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    waves = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    angle = lat / 180.0 * np.pi
    bend = 1.0 - _ECCENTRICITY * np.sin(angle) ** 2
    north = north * 180.0 / ((_AXIS * (1.0 - _ECCENTRICITY)) / (bend * np.sqrt(bend)) * np.pi)
    east = east * 180.0 / (_AXIS / np.sqrt(bend) * np.cos(angle) * np.pi)
    inside = (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)
    return np.where(inside, lon + east, lon), np.where(inside, lat + north, lat)


def _gcj02_to_bd09(lon: Numbers, lat: Numbers) -> tuple[Numbers, Numbers]:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
