"""What every page prints of the territory: the district's name."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bihuan.territory.queries import district_if_any


def district_name(_request: HttpRequest) -> dict[str, Any]:
    return {"district_name": SimpleLazyObject(_name)}


def _name() -> str:
    found = district_if_any()
    return found.label if found else ""
