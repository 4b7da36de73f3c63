"""What every page knows: the district, the menu, the language, whether this is a demo."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from bihuan.core.help import help_url
from bihuan.core.navigation import entries_for


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "demo": settings.DEMO,
        "map_tiles": settings.MAP_TILES,
        "language": get_language(),
        "help_url": SimpleLazyObject(lambda: help_url(request)),
        "navigation": SimpleLazyObject(lambda: entries_for(request)),
    }
