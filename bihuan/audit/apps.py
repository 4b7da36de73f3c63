from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from bihuan.core import navigation


class AuditConfig(AppConfig):
    name = "bihuan.audit"
    label = "audit"

    def ready(self) -> None:
        from bihuan.audit.rules import may_see_reactions

        navigation.add(
            "audit:reactions",
            _("Failed reactions"),
            "alert-triangle",
            order=95,
            seen_by=lambda user: bool(may_see_reactions(user)),
            group="setup",
        )
