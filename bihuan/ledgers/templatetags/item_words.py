"""Words on the pages of items: `{{ step.who|who_words }}`, and small helps for addresses."""

from collections.abc import Iterable
from typing import Any

from django.template import Library
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind
from bihuan.core.text import listed
from bihuan.ledgers.definition.glossary import role_words
from bihuan.ledgers.definition.model import RESPONSIBLE, ROLE, TEAM, TEAM_LEADER
from bihuan.ledgers.rules.standing import ANYBODY_OF_THE_TEAM

register = Library()

WORDS = {
    TEAM: _("anybody of the team"),
    TEAM_LEADER: _("the leader of the team"),
    RESPONSIBLE: _("whoever answers for it"),
}


@register.filter
def who_words(who: Iterable[str]) -> str:
    """Who takes a step or signs a condition, in words; nothing said means the team."""
    duties = dict(DutyKind.choices)
    words = [
        WORDS.get(word) or duties.get(word) or role_words(word.removeprefix(ROLE))
        for word in who or ANYBODY_OF_THE_TEAM
    ]
    return listed(str(word) for word in words)


@register.filter
def addplace(text: str, place: Any) -> str:
    """An address with a number at its end; `add` would try to reckon."""
    return f"{text}{place}"
