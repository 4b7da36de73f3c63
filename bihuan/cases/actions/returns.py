"""What an assignment says of the return before it: the unit was right, or the desk does not agree."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import Unit
from bihuan.audit.queries import entries_about
from bihuan.cases.models import Case
from bihuan.core.text import clean
from bihuan.core.verdicts import no

RULED_AT = 2  # returns after which the district rules, and its ruling stands
WHO_TAKES_IT = ("case.returned", "case.assigned", "case.whistle_ruled")


def answer_to_return(case: Case, unit: Unit, words: str) -> dict[str, Any]:
    """For the record: whether a return was upheld, and the district's ruling. Nothing where none came before.

    Going to another unit upholds a return; giving the case to the same one again refuses it, and has to be
    explained. After the second return the district's words are its ruling, which no unit can return.
    """
    if not case.returns:
        return {}
    last = entries_about(case).filter(verb__in=WHO_TAKES_IT).last()
    if last is None or last.verb != "case.returned":
        return {}
    upheld, words = last.data.get("unit") != unit.pk, clean(words)
    if case.returns >= RULED_AT and not words:
        no("case.ruling_missing", _("Two units say it is not theirs: say why this one takes it.")).enforce()
    if not upheld and not words:
        no(
            "case.refusal_missing",
            _("This unit has returned the case. Say why it is to take it all the same."),
        ).enforce()
    return {"upheld": upheld, "ruling": words if case.returns >= RULED_AT else None}
