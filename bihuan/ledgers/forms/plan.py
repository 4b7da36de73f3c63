"""What the browser is told of a ledger, so that it can judge answers as the server does."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.core.clock import local
from bihuan.ledgers.definition import Definition, Field
from bihuan.ledgers.definition.answers import plan_of
from bihuan.ledgers.definition.model import GROUP, NOTE, REPEAT
from bihuan.ledgers.expressions import Context

KEYS = (
    "name", "type", "required", "constraint", "relevant", "read_only", "calculation", "default",
    "choice_filter", "repeat_count", "list",
)  # fmt: skip


def plan_for_browser(
    definition: Definition,
    answers: Mapping[str, Any],
    asked: Collection[str],
    *,
    fixed: Collection[str] = (),
    needed: Collection[str] = (),
) -> dict[str, Any]:
    """Fields with their expressions, in the order in which they are reckoned; choices; what is known.

    What is `fixed` comes from the place: to the script it is only read. What is `needed` must be there
    before the step is done, whatever the ledger requires otherwise.
    """
    plan = plan_of(definition)
    lists = {one.list for one in definition.walk() if one.list}
    return {
        "fields": [_field(one, fixed) for one in definition.fields],
        "order": list(plan.order),
        "reading": list(plan.reading),
        "asked": sorted(asked),
        "needed": list(needed),
        "lists": {
            name: [
                {"name": one.name, "label": str(one.label) or one.name, "columns": dict(one.extras)}
                for one in definition.list_of(name)
            ]
            for name in lists
        },
        "answers": dict(answers),
        "zone": Context.clock(local())["zone"],
        "language": get_language() or "zh-hans",
        "words": words(),
    }


def _field(one: Field, fixed: Collection[str]) -> dict[str, Any]:
    whole = asdict(one) | ({"read_only": "true()"} if one.name in fixed else {})
    found = {key: whole[key] for key in KEYS if whole[key]}
    for key in ("required_message", "constraint_message"):
        if text := str(getattr(one, key)):
            found[key] = text
    if one.label and one.type != GROUP:
        found["label"] = str(one.label)
    if one.hint:
        found["hint"] = str(one.hint)
    if one.type in (GROUP, REPEAT):
        found["fields"] = [_field(child, fixed) for child in one.children]
    elif one.type == NOTE:
        found["note"] = True
    return found


def words() -> dict[str, str]:
    """The sentences of the server's own judgement, for the script to say."""
    return {
        "required": _("This must be filled in."),
        "constraint": _("This answer is not allowed here."),
        "choice": _("“%(choice)s” cannot be chosen here."),
        "entries": _("There must be %(wanted)s entries."),
        "integer": _("This is no whole number."),
        "decimal": _("This is no number."),
        "date": _("This is no date; write it as 2026-01-31."),
        "time": _("This is no time of day; write it as 18:00."),
        "dateTime": _("This is no date with a time; write it as 2026-01-31T18:00."),
        "place": _("This is no place; a place is “latitude longitude”."),
        "points": _("At least %(least)s points are needed."),
        "long": _("Longer than %(limit)s characters."),
    }
