from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from bihuan.core import navigation


class InsightConfig(AppConfig):
    name = "bihuan.insight"
    label = "insight"

    def ready(self) -> None:
        from bihuan.insight.rules import may_weigh, sees_figures

        navigation.add("insight:numbers", _("Numbers"), "chart-bar", order=30, seen_by=sees_figures)
        navigation.add(
            "insight:weights",
            _("Weights of the score"),
            "adjustments",
            order=75,
            seen_by=lambda user: bool(may_weigh(user)),
            group="setup",
        )
