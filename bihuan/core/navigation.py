"""The main menu: rooms register their entries, the base page shows those a person may use."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True)
class MenuEntry:
    """One menu entry. `route` is a URL name; `seen_by` decides from the request's user."""

    route: str
    label: Any
    icon: str
    order: int
    seen_by: Callable[[Any], bool]
    group: str = "work"  # "work" or "setup"


_entries: list[MenuEntry] = []


def add(
    route: str, label: Any, icon: str, *, order: int, seen_by: Callable[[Any], bool], group: str = "work"
) -> None:
    """Register a menu entry; called from a room's AppConfig.ready()."""
    _entries.append(MenuEntry(route, label, icon, order, seen_by, group))


def entries_for(request: HttpRequest) -> list[dict[str, Any]]:
    """Menu entries for this request: label, url, icon, group, current."""
    user = getattr(request, "user", None)
    found = []
    for entry in sorted(_entries, key=lambda entry: entry.order):
        if entry.seen_by(user):
            url = reverse(entry.route)
            current = request.path == url or (url != "/" and request.path.startswith(url))
            found.append(
                {
                    "label": entry.label,
                    "url": url,
                    "icon": entry.icon,
                    "group": entry.group,
                    "current": current,
                }
            )
    here = [shown for shown in found if shown["current"]]
    for shown in here:  # of two that fit, one lies inside the other
        shown["current"] = len(shown["url"]) == max(len(one["url"]) for one in here)
    return found
