from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TerritoryConfig(AppConfig):
    name = "bihuan.territory"
    label = "territory"

    def ready(self) -> None:
        from bihuan.core import navigation
        from bihuan.territory.rules import sees_set_up

        for route, label, icon, order in (
            ("territory:areas", _("Areas"), "map-2", 930),
            ("territory:places", _("Places"), "map-pins", 940),
            ("territory:calendar", _("Calendar"), "calendar", 950),
        ):
            navigation.add(route, label, icon, order=order, seen_by=sees_set_up, group="setup")
