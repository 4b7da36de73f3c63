"""The tabs of a campaign's pages: rooms register theirs, the head shows those that a person may use."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from bihuan.ledgers import rules
from bihuan.ledgers.models import Campaign

Sees = Callable[[Campaign, Any], bool]


@dataclass(frozen=True)
class Tab:
    """One tab. `route` is a URL name that takes the campaign's number, or nothing (`whole`)."""

    code: str
    label: Any
    route: str
    order: int
    seen_by: Sees
    whole: bool = False


_tabs: dict[str, Tab] = {}


def add(code: str, label: Any, route: str, *, order: int, seen_by: Sees, whole: bool = False) -> None:
    """Register a tab; upper rooms call it from their AppConfig.ready()."""
    _tabs[code] = Tab(code, label, route, order, seen_by, whole)


def tabs_of(campaign: Campaign, user: Any, current: str) -> list[dict[str, Any]]:
    """The tabs that this person may use, as `c-tabs` shows them."""
    found = []
    for tab in sorted(_tabs.values(), key=lambda tab: tab.order):
        if not tab.seen_by(campaign, user):
            continue
        url = _address(tab, campaign)
        if url:
            found.append({"label": tab.label, "url": url, "current": tab.code == current})
    return found


def _address(tab: Tab, campaign: Campaign) -> str:
    """Where a tab leads; nowhere as long as its room has no such page."""
    try:
        return reverse(tab.route) if tab.whole else reverse(tab.route, args=[campaign.number])
    except NoReverseMatch:
        return ""


def everybody(_campaign: Campaign, _user: Any) -> bool:
    return True


def sees_items(campaign: Campaign, user: Any) -> bool:
    return rules.sees_items_of(campaign, user)


def adds_items(campaign: Campaign, user: Any) -> bool:
    return bool(rules.may_import(campaign, user))


def runs(campaign: Campaign, user: Any) -> bool:
    return rules.runs(campaign, user) is not None


def on_task_force(campaign: Campaign, user: Any) -> bool:
    return bool(rules.parts_of(campaign, user))


add("overview", _("Overview"), "ledgers:campaign", order=0, seen_by=everybody)
add("board", _("Board"), "ledgers:board", order=10, seen_by=sees_items)
add("table", _("Table"), "ledgers:table", order=20, seen_by=sees_items)
add("map", _("Map"), "ledgers:map", order=30, seen_by=sees_items)
add("route", _("Route list"), "ledgers:route", order=40, seen_by=sees_items)
add("mine", _("My list"), "ledgers:mine", order=50, seen_by=on_task_force, whole=True)
add("import", _("Import"), "ledgers:import", order=70, seen_by=adds_items)
add("settings", _("Settings"), "ledgers:settings", order=90, seen_by=runs)
