"""Which of many polygons holds a point, in about a microsecond: a raster over them all, kept in memory.

Each cell of the raster knows its answer if no boundary passes through it; otherwise it knows the few polygons
whose boundary does, and the point is tested against their edges in that row of cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import shapely

T = TypeVar("T")

CELLS = 1 << 16
_HAIR = 1e-9  # degrees: a boundary this near to a cell counts as passing through it


class _Mixed(NamedTuple):
    """The answer of a cell that boundaries pass through: polygons to try, and what holds all of it."""

    candidates: tuple[int, ...]
    home: Any


Edge = tuple[float, float, float, float]  # lower y, upper y, x at the lower end, slope dx/dy


class Raster(Generic[T]):
    """`items` are in order of precedence: of two polygons that hold a point, the first wins."""

    def __init__(self, items: Sequence[tuple[T, Any]], cells: int = CELLS):
        self._items = [item for item, _ in items]
        self._shapes = [shape for _, shape in items]
        self._edges: list[dict[int, tuple[Edge, ...]]] = [{} for _ in items]
        self._edge_arrays: list[npt.NDArray[np.float64] | None] = [None for _ in items]
        self._west = self._south = self._east = self._north = 0.0
        self._per_lon = self._per_lat = 0.0
        self._columns = self._rows = 0
        self._answers: list[Any] = []  # an item, None, or a _Mixed
        self._home = np.zeros(0, dtype=np.int32)
        self._mixed = np.zeros(0, dtype=bool)
        if items:
            self._lay_out(cells)
            self._fill()

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of everything, or None."""
        return (self._west, self._south, self._east, self._north) if self._items else None

    def locate(self, x: float, y: float) -> T | None:
        """The item that holds the point, or None."""
        if not (self._west <= x < self._east and self._south <= y < self._north):
            return None
        row = int((y - self._south) * self._per_lat)
        answer = self._answers[row * self._columns + int((x - self._west) * self._per_lon)]
        if type(answer) is not _Mixed:
            found: T | None = answer
            return found
        home: T | None
        candidates, home = answer
        for number in candidates:
            inside = False
            for low, high, start, slope in self._edges[number].get(row) or self._edges_in(number, row):
                if low <= y < high and x < start + (y - low) * slope:
                    inside = not inside
            if inside:
                return self._items[number]
        return home

    def locate_many(self, xs: npt.ArrayLike, ys: npt.ArrayLike) -> list[T | None]:
        """`locate` for many points at once."""
        x, y = np.asarray(xs, dtype=float), np.asarray(ys, dtype=float)
        if not self._items:
            return [None] * len(x)
        with np.errstate(invalid="ignore"):
            within = (x >= self._west) & (x < self._east) & (y >= self._south) & (y < self._north)
        cell = np.zeros(len(x), dtype=np.int64)
        cell[within] = ((y[within] - self._south) * self._per_lat).astype(np.int64) * self._columns + (
            (x[within] - self._west) * self._per_lon
        ).astype(np.int64)
        numbers = np.where(within, self._home[cell], -1)
        items: list[T | None] = [*self._items, None]
        found = [items[number] for number in numbers.tolist()]
        for place in np.flatnonzero(within & self._mixed[cell]).tolist():
            found[place] = self.locate(float(x[place]), float(y[place]))
        return found

    def _lay_out(self, cells: int) -> None:
        west, south, east, north = shapely.total_bounds(np.array(self._shapes, dtype=object)).tolist()
        margin = max(east - west, north - south) * 1e-6 + 1e-7
        self._west, self._south = west - margin, south - margin
        width, height = east + margin - self._west, north + margin - self._south
        stretch = np.cos(np.radians((south + north) / 2.0))  # a degree of longitude is shorter
        self._columns = max(1, int(np.sqrt(cells * width * stretch / height)))
        self._rows = max(1, cells // self._columns)
        self._per_lon, self._per_lat = self._columns / width, self._rows / height
        # Last bit safe: a point below these limits never falls into a column or row past the last.
        self._east = self._west + width * (1 - 1e-12)
        self._north = self._south + height * (1 - 1e-12)

    def _fill(self) -> None:
        columns, rows = self._columns, self._rows
        home = np.full((rows, columns), -1, dtype=np.int32)
        centre_x = self._west + (np.arange(columns) + 0.5) / self._per_lon
        centre_y = self._south + (np.arange(rows) + 0.5) / self._per_lat
        passing: dict[int, list[int]] = {}
        for number in range(len(self._shapes) - 1, -1, -1):  # the first polygon has the last word
            shape = self._shapes[number]
            if shape.is_empty:
                continue
            touched = self._cells_touched(shape)
            west, south, east, north = shape.bounds
            left, right = self._column(west), self._column(east) + 1
            low, high = self._row(south), self._row(north) + 1
            shapely.prepare(shape)
            inside = shapely.contains_xy(shape, centre_x[None, left:right], centre_y[low:high, None])
            own = np.zeros((high - low, right - left), dtype=bool)
            own[touched // columns - low, touched % columns - left] = True
            home[low:high, left:right][inside & ~own] = number
            for cell in touched.tolist():
                passing.setdefault(cell, []).append(number)
        self._home = home.ravel()
        items: list[T | None] = [*self._items, None]
        answers: list[Any] = [items[number] for number in self._home.tolist()]
        self._mixed = np.zeros(rows * columns, dtype=bool)
        for cell, numbers in passing.items():
            at_home = int(self._home[cell])
            better = tuple(sorted(n for n in numbers if at_home < 0 or n < at_home))
            if better:
                answers[cell] = _Mixed(better, items[at_home])
                self._mixed[cell] = True
        self._answers = answers

    def _column(self, x: float) -> int:
        return min(max(int((x - self._west) * self._per_lon), 0), self._columns - 1)

    def _row(self, y: float) -> int:
        return min(max(int((y - self._south) * self._per_lat), 0), self._rows - 1)

    def _cells_touched(self, shape: Any) -> npt.NDArray[np.int64]:
        """Cells that the boundary passes through, and at worst a few neighbours."""
        piece = 0.9 * min(1 / self._per_lon, 1 / self._per_lat)
        found = []
        for ring in shapely.get_rings(shapely.get_parts(shape)):
            points = shapely.get_coordinates(shapely.segmentize(ring, piece))
            low = np.minimum(points[:-1], points[1:]) - _HAIR
            high = np.maximum(points[:-1], points[1:]) + _HAIR
            # A piece is shorter than a cell, so it spans at most two columns and two rows.
            spans_x = [((edge[:, 0] - self._west) * self._per_lon).astype(np.int64) for edge in (low, high)]
            spans_y = [((edge[:, 1] - self._south) * self._per_lat).astype(np.int64) for edge in (low, high)]
            for column in spans_x:
                for row in spans_y:
                    found.append(
                        row.clip(0, self._rows - 1) * self._columns + column.clip(0, self._columns - 1)
                    )
        return np.unique(np.concatenate(found))

    def _edges_in(self, number: int, row: int) -> tuple[Edge, ...]:
        """The edges of a polygon that pass through a row of cells; kept for the next point there."""
        edges = self._edge_arrays[number]
        if edges is None:
            edges = self._edge_arrays[number] = _edges_of(self._shapes[number])
        rows = ((edges[:, :2] - self._south) * self._per_lat).astype(np.int64)
        here = (rows[:, 0] <= row) & (row <= rows[:, 1])
        kept = tuple(tuple(edge) for edge in edges[here].tolist())
        self._edges[number][row] = kept
        return kept


def _edges_of(shape: Any) -> npt.NDArray[np.float64]:
    """Edges from their lower to their upper end, so that neighbours compute a shared edge alike."""
    found = []
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        points = shapely.get_coordinates(ring)
        first, second = points[:-1], points[1:]
        upward = (first[:, 1] < second[:, 1])[:, None]
        low, high = np.where(upward, first, second), np.where(upward, second, first)
        sloped = low[:, 1] < high[:, 1]
        low, high = low[sloped], high[sloped]
        slope = (high[:, 0] - low[:, 0]) / (high[:, 1] - low[:, 1])
        found.append(np.column_stack([low[:, 1], high[:, 1], low[:, 0], slope]))
    return np.concatenate(found)
