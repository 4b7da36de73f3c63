"""The codes of a ledger in plain words: who takes a step, what kind a field is, what a gate asks for."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.accounts.models import DutyKind
from bihuan.ledgers.definition import model
from bihuan.ledgers.definition.glossary import role_words

WHO = {
    model.TEAM: _("members of its team"),
    model.TEAM_LEADER: _("leader of its team"),
    model.RESPONSIBLE: _("whoever answers for it"),
    **dict(DutyKind.choices),
}
TYPES = {
    "text": pgettext_lazy("field", "text"),
    "integer": _("whole number"),
    "decimal": pgettext_lazy("field", "number"),
    "date": pgettext_lazy("field", "date"),
    "time": pgettext_lazy("field", "time"),
    "dateTime": _("date and time"),
    model.SELECT_ONE: _("one choice"),
    model.SELECT_MULTIPLE: _("several choices"),
    "geopoint": _("position"),
    "geotrace": _("line on the map"),
    "geoshape": _("outline on the map"),
    "image": _("photo"),
    "file": pgettext_lazy("field", "file"),
    "barcode": _("barcode"),
    model.NOTE: pgettext_lazy("field", "note"),
    model.CALCULATE: _("calculation"),
    model.GROUP: pgettext_lazy("field", "group"),
    model.REPEAT: _("repeated entries"),
}
CONDITIONS = {
    model.EXPRESSION: _("checked by itself"),
    model.NOTICE: _("notice given and expired"),
    model.DOCUMENT: pgettext_lazy("condition", "document"),
    model.SIGNATURE: _("signature"),
}
PERIODS = {
    model.DAILY: _("daily summary"),
    model.WEEKLY: _("weekly report"),
    model.MONTHLY: _("monthly report"),
    model.FINAL: _("final report"),
}
SUBJECTS = {
    "none": _("no place"),
    "compound": _("compounds"),
    "building": _("buildings"),
    "household": _("households"),
    "lane": _("lanes"),
    "site": _("sites"),
    "land_patch": _("land patches"),
    "organisation": _("organisations"),
}
PARTS = {
    "field": pgettext_lazy("part of a ledger", "Field"),
    "choice": pgettext_lazy("part of a ledger", "Choice"),
    "step": pgettext_lazy("part of a ledger", "Step"),
    "gate": pgettext_lazy("part of a ledger", "Gate"),
    "figure": pgettext_lazy("part of a ledger", "Figure"),
    "document": pgettext_lazy("part of a ledger", "Document"),
    "rate": pgettext_lazy("part of a ledger", "Rate"),
    "goal": pgettext_lazy("part of a ledger", "Goal"),
    "setting": pgettext_lazy("part of a ledger", "Setting"),
}


def who(word: str) -> Any:
    """Who a word of a step or gate means; roles of a task force are words of the ledger's own."""
    return WHO.get(word) or role_words(word.removeprefix(model.ROLE))
