"""What maps and search boxes ask for, open to everybody: names and boundaries are public."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from bihuan.territory import queries


@require_safe
def place_search(request: HttpRequest) -> JsonResponse:
    """Places and areas for a typed name."""
    found = queries.places_like(request.GET.get("q", "")[:60])
    return JsonResponse([item.as_json() for item in found], safe=False)


@require_safe
def boundaries(request: HttpRequest) -> HttpResponse:
    """Boundaries as GeoJSON; 304 to who has them already."""
    numbers = {
        name: int(value)
        for name in ("within", "parent", "without")
        if (value := request.GET.get(name, "")).isdecimal() and len(value) < 19
    }
    kind, links = request.GET.get("kind", "")[:20], request.GET.get("links") == "1"
    body, tag = queries.boundaries_json(kind=kind, links=links, **numbers)
    if tag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(body, content_type="application/geo+json")
    response["ETag"] = tag
    response["Cache-Control"] = "public, no-cache"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response
