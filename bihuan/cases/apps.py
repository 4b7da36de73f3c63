from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bihuan.core import navigation


class CasesConfig(AppConfig):
    name = "bihuan.cases"
    label = "cases"

    def ready(self) -> None:
        from bihuan.cases import tracking
        from bihuan.cases.queries import cases_visible_to
        from bihuan.cases.rules import may_change_catalogue, works_on_cases
        from bihuan.files import access

        def may_see_files(user: Any, request: HttpRequest, case_id: int) -> bool:
            return case_id in tracking.followed(request) or cases_visible_to(user).filter(pk=case_id).exists()

        access.allow("cases.case", may_see_files)
        navigation.add("cases:desk", _("My desk"), "checklist", order=10, seen_by=works_on_cases)
        navigation.add("cases:index", _("Cases"), "folder", order=20, seen_by=works_on_cases)
        navigation.add(
            "cases:catalogue",
            _("Matter catalogue"),
            "category",
            order=60,
            seen_by=lambda user: bool(may_change_catalogue(user)),
            group="setup",
        )
