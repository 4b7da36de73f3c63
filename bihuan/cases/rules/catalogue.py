"""Who may change the catalogue."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.rules import administers
from bihuan.core.verdicts import Verdict, no, yes


def may_change_catalogue(by: Any) -> Verdict:
    held = administers(by)
    if held:
        return yes(held)
    return no("matter.not_your_duty", _("Only the district's administrator can change the catalogue."))
