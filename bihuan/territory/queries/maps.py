"""Boundaries as maps draw them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
import shapely
from django.urls import reverse
from django.utils.translation import get_language

from bihuan.territory.models import (
    Area,
    AreaQuerySet,
)
from bihuan.territory.queries.memory import _Ground, boundaries_of, ground


def boundaries_json(
    *,
    kind: str = "",
    within: int | None = None,
    parent: int | None = None,
    without: int | None = None,
    links: bool = False,
) -> tuple[bytes, str]:
    """Simplified boundaries as GeoJSON with their ETag, made once for each process, language and question.

    Narrowed by kind, to an area and what lies in it (`within`), to what lies directly in an area (`parent`).
    With `links`, each shape leads to its area's page.
    """
    known = ground.get()
    question = (kind, within, parent, without, links, get_language())
    answer = known.payloads.get(question)
    if answer is None:
        wanted = Area.objects.current()
        if kind:
            wanted = wanted.filter(kind=kind)
        if within is not None:
            inside = known.areas.get(within)
            wanted = wanted.within(inside) if inside else wanted.none()
        if parent is not None:
            wanted = wanted.filter(parent_id=parent)
        if without is not None:
            wanted = wanted.exclude(pk=without)
        answer = _draw(known, wanted, links=links)
        if len(known.payloads) < 500:
            known.payloads[question] = answer
    return answer


def _draw(known: _Ground, wanted: AreaQuerySet, *, links: bool) -> tuple[bytes, str]:
    shapes = {pk: shape for pk, shape in boundaries_of(wanted).items() if pk in known.areas}
    features = []
    for pk, shape in zip(shapes, _simplified(list(shapes.values())), strict=True):
        area = known.areas[pk]
        features.append(
            {
                "type": "Feature",
                "id": pk,
                "geometry": json.loads(shapely.to_geojson(shape)),
                "properties": {
                    "id": pk,
                    "label": area.label,
                    "kind": area.kind,
                    "code": area.code,
                    "point": list(area.point) if area.point else None,
                    **({"url": reverse("territory:area", args=[pk])} if links else {}),
                },
            }
        )
    body = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _simplified(shapes: list[Any]) -> list[Any]:
    """As coarse as a screen can show; neighbours stay neighbours where they were."""
    if not shapes:
        return []
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object)).tolist()
    tolerance = max(east - west, north - south) / 4000
    if shapely.coverage_is_valid(shapes):
        simple = shapely.coverage_simplify(shapes, tolerance).tolist()
    else:
        simple = [shapely.simplify(shape, tolerance, preserve_topology=True) for shape in shapes]
    return [shapely.transform(shape, lambda points: np.round(points, 6)) for shape in simple]
