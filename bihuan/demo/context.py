"""What pages know in demo mode: the cast on the sign-in page, and where a visitor's tour is."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bihuan.demo import tour
from bihuan.demo.cast import CAST


def demo(request: HttpRequest) -> dict[str, Any]:
    if not settings.DEMO:
        return {}
    found: dict[str, Any] = {"cast": CAST}
    if tour.is_on(request):
        found["tour"] = SimpleLazyObject(lambda: tour.stop_of(request))
    return found
