from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bihuan.core import navigation

if TYPE_CHECKING:
    from bihuan.files.models import Attachment


class CasesConfig(AppConfig):
    name = "bihuan.cases"
    label = "cases"

    def ready(self) -> None:
        from bihuan.cases import tracking
        from bihuan.cases.queries.appeals import sees_the_district
        from bihuan.cases.queries.following import may_see_file_of
        from bihuan.cases.rules import may_change_catalogue, watches, works_on_cases, writes_replies
        from bihuan.files import access

        def may_see_files(user: Any, request: HttpRequest, attachment: "Attachment") -> bool:
            return may_see_file_of(user, tracking.followed(request), attachment)

        access.allow("cases.case", may_see_files)
        navigation.add("cases:desk", _("My desk"), "checklist", order=10, seen_by=works_on_cases)
        navigation.add("cases:supervision", _("Supervision"), "flag-exclamation", order=30, seen_by=watches)
        navigation.add("cases:index", _("Cases"), "folder", order=20, seen_by=works_on_cases)
        navigation.add("cases:appeals", _("Appeals"), "gavel", order=32, seen_by=sees_the_district)
        navigation.add("cases:backlog_list", _("Backlog"), "archive", order=34, seen_by=sees_the_district)
        navigation.add(
            "cases:replies",
            _("Standard replies"),
            "message-2",
            order=62,
            seen_by=lambda user: works_on_cases(user) and writes_replies(user),
            group="setup",
        )
        navigation.add(
            "cases:catalogue",
            _("Matter catalogue"),
            "category",
            order=60,
            seen_by=lambda user: bool(may_change_catalogue(user)),
            group="setup",
        )
