from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bihuan.core import navigation

if TYPE_CHECKING:
    from bihuan.files.models import Attachment


class LedgersConfig(AppConfig):
    name = "bihuan.ledgers"
    label = "ledgers"

    def ready(self) -> None:
        from bihuan.cases import neighbours
        from bihuan.files import access
        from bihuan.ledgers.opened import opened
        from bihuan.ledgers.queries.beside_cases import beside_case
        from bihuan.ledgers.queries.editions import sees_edition
        from bihuan.ledgers.queries.household import own_documents
        from bihuan.ledgers.queries.items import sees_item_file
        from bihuan.ledgers.queries.roles import has_todays_list
        from bihuan.ledgers.queries.sheets import sees_sheet_file
        from bihuan.ledgers.rules import works_with_ledgers

        def may_see_item_file(user: Any, request: HttpRequest, attachment: "Attachment") -> bool:
            if sees_item_file(user, attachment):
                return True
            own = opened(request)  # a household that has shown its own code
            return own is not None and own.pk == attachment.subject_id and attachment in own_documents(own)

        def may_see_workbook(user: Any, _request: HttpRequest, attachment: "Attachment") -> bool:
            return sees_edition(user, attachment.subject_id)

        def may_see_sheet(user: Any, _request: HttpRequest, attachment: "Attachment") -> bool:
            return sees_sheet_file(user, attachment)

        access.allow("ledgers.itemsheet", may_see_sheet)
        access.allow("ledgers.item", may_see_item_file)
        access.allow("ledgers.edition", may_see_workbook)
        neighbours.add(beside_case)
        navigation.add(
            "ledgers:index", _("Campaigns"), "clipboard-list", order=25, seen_by=works_with_ledgers
        )
        navigation.add("ledgers:mine", _("Today's list"), "list-check", order=15, seen_by=has_todays_list)
