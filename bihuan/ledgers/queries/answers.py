"""What is wrong with answers before they are taken: for a form that shows each fault beside its field."""

from collections.abc import Mapping
from typing import Any

from bihuan.core.clock import local
from bihuan.files.models import StoredFile
from bihuan.ledgers import rules
from bihuan.ledgers.definition import AnswerFault, Checked, Definition, check_answers
from bihuan.ledgers.models import Item
from bihuan.ledgers.queries.facts import known_of_place


def answers_checked(item: Item, given: Mapping[str, Any], *, complete: bool) -> Checked:
    """The values an item would hold, and the faults of what its present step asks.

    `complete`: as taking the step wants it, with everything that is required; else as keeping it does.
    Files may be StoredFiles or tickets.
    """
    definition = item.edition.definition
    asked = rules.asked_at(definition, item.step_code)
    merged = {**item.answers, **_named(definition, given), **known_of_place(item)}
    checked = check_answers(
        definition, merged, at=local(), before=item.answers, asked=asked if complete else ()
    )
    open_ones = rules.tops(definition, asked)
    faults: tuple[AnswerFault, ...] = tuple(
        one for one in checked.faults if rules.top_of(definition, one.field) in open_ones
    )
    return Checked(checked.values, faults)


def correction_checked(item: Item, given: Mapping[str, Any]) -> Checked:
    """The values an item would hold once these answers are put right, and what is wrong with them."""
    definition = item.edition.definition
    merged = {**item.answers, **_named(definition, given), **known_of_place(item)}
    checked = check_answers(definition, merged, at=local(), before=item.answers, asked=())
    faults = tuple(one for one in checked.faults if rules.top_of(definition, one.field) in given)
    return Checked(checked.values, faults)


def _named(definition: Definition, given: Mapping[str, Any]) -> dict[str, Any]:
    """Whatever stands for a file, under a name that an answer may have."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        one = definition.find(name)
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            found[name] = [_named(definition, entry) for entry in value]
        elif isinstance(value, StoredFile) or (one is not None and one.type in ("image", "file") and value):
            found[name] = "new" if isinstance(value, StoredFile) or ":" in str(value) else value
        else:
            found[name] = value
    return found
