from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bihuan.core import navigation

if TYPE_CHECKING:
    from bihuan.files.models import Attachment


class ReportsConfig(AppConfig):
    name = "bihuan.reports"
    label = "reports"

    def ready(self) -> None:
        from bihuan.files import access
        from bihuan.ledgers import tabs
        from bihuan.ledgers.rules import keeps_some
        from bihuan.reports.queries.keeping import sees_version
        from bihuan.reports.rules import version_for

        def may_see_template(user: Any, _request: HttpRequest, attachment: "Attachment") -> bool:
            return sees_version(user, attachment.subject_id)

        access.allow("reports.templateversion", may_see_template)
        tabs.add(
            "reports",
            _("Reports"),
            "reports:campaign",
            order=60,
            seen_by=lambda campaign, user: bool(version_for(user, campaign)),
        )
        navigation.add(
            "reports:index",
            _("Reports"),
            "file-text",
            order=26,
            seen_by=keeps_some,
        )
