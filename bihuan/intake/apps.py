from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from bihuan.core import navigation


class IntakeConfig(AppConfig):
    name = "bihuan.intake"
    label = "intake"

    def ready(self) -> None:
        from bihuan.cases.rules import works_on_cases
        from bihuan.files import access
        from bihuan.intake.sheet.queries import may_see_file
        from bihuan.intake.sheet.rules import may_import
        from bihuan.intake.web.rules import is_grid_worker

        def is_resident(user: Any) -> bool:
            return not works_on_cases(user)

        def has_own_reports(user: Any) -> bool:
            return is_resident(user) and getattr(user, "is_authenticated", False)

        navigation.add("intake:report", _("Report a problem"), "message-report", order=1, seen_by=is_resident)
        navigation.add("intake:report", _("Report"), "message-report", order=15, seen_by=is_grid_worker)
        navigation.add("cases:find", _("Follow a report"), "search", order=2, seen_by=is_resident)
        navigation.add("cases:mine", _("My reports"), "list-details", order=3, seen_by=has_own_reports)

        def is_clerk(user: Any) -> bool:
            return getattr(user, "is_authenticated", False) and bool(may_import(user))

        access.allow("intake.sheetimport", may_see_file)
        navigation.add("intake:sheets", _("Import reports"), "file-spreadsheet", order=25, seen_by=is_clerk)
