"""Who may write standard replies: dispatchers for their area, the administrator for the district."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind
from bihuan.accounts.rules import administers, held
from bihuan.core.verdicts import Verdict, no, yes
from bihuan.territory.models import Area

MOST_REPLIES = 100  # of one area


def may_write_reply(by: Any, area: Area | None) -> Verdict:
    """Whether somebody may write texts for an area; None is the whole district."""
    found = administers(by)
    if found is None and area is not None:
        found = held(by, DutyKind.DISPATCHER, area=area)
    if found is not None:
        return yes(found)
    return no(
        "reply.not_your_area",
        _("Standard replies are written by the dispatcher of the area, or by the district's administrator."),
    )


def writes_replies(by: Any) -> bool:
    """Whether somebody may write texts at all."""
    return bool(administers(by) or held(by, DutyKind.DISPATCHER))
