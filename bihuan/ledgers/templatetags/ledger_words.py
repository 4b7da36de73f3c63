"""Words that ledgers keep as codes: `{{ post.role|role_name }}`, `{{ step.who|who_names }}`."""

from collections.abc import Iterable
from typing import Any

from django.template import Library
from django.utils.translation import pgettext_lazy

from bihuan.cases.limits import in_words, seconds_of
from bihuan.core.text import listed
from bihuan.ledgers import terms
from bihuan.ledgers.definition import Definition, Field, Step
from bihuan.ledgers.definition.glossary import role_words, unit_words
from bihuan.ledgers.models import LEADER, MEMBER

register = Library()
register.filter(listed)

ROLES = {LEADER: pgettext_lazy("task force", "leader"), MEMBER: pgettext_lazy("task force", "member")}


@register.filter
def role_name(role: str) -> Any:
    """What somebody is in a task force; a ledger's own roles are words already."""
    return ROLES.get(role) or role_words(role)


@register.filter
def role_names(roles: Iterable[str]) -> str:
    return listed(role_name(role) for role in roles)


@register.filter
def unit_name(unit: str) -> Any:
    """What a figure or rate is counted in."""
    return unit_words(unit)


@register.filter
def who_names(words: Iterable[str]) -> str:
    return listed(str(terms.who(word)) for word in words)


@register.filter
def limit_words(step: Step) -> str:
    """The time limit of a step as people say it."""
    return in_words(seconds_of(step.limit, step.calendar), step.calendar) if step.limit else ""


@register.filter
def type_name(field: Field) -> Any:
    return terms.TYPES.get(field.type, field.type)


@register.filter
def condition_name(kind: str) -> Any:
    return terms.CONDITIONS.get(kind, kind)


@register.filter
def period_name(period: str) -> Any:
    return terms.PERIODS.get(period, period)


@register.filter
def subject_name(subject: str) -> Any:
    return terms.SUBJECTS.get(subject, subject)


@register.filter
def part_name(part: str) -> Any:
    return terms.PARTS.get(part, part)


@register.filter
def step_names(codes: Iterable[str], definition: Definition) -> str:
    """Steps by their names."""
    found = (definition.step(code) for code in codes)
    return listed(str(step.name or step.code) for step in found if step is not None)


@register.filter
def step_name(code: str, definition: Definition) -> str:
    """A step by its name."""
    return step_names([code], definition) or code
