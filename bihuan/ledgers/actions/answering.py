"""Taking answers: which may be given at a step, files beside the item, and what is wrong with them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.core.text import listed
from bihuan.core.verdicts import Refusal, no
from bihuan.files.access import read_ticket
from bihuan.files.actions import attach_files
from bihuan.files.models import Role, StoredFile
from bihuan.files.queries import attachments_of, stored_files
from bihuan.ledgers import rules
from bihuan.ledgers.definition import AnswerFault, Checked, Definition, check_answers
from bihuan.ledgers.definition.faults import say
from bihuan.ledgers.models import Item
from bihuan.ledgers.queries.facts import known_of_place


class AnswersUnfit(Refusal):
    """Some answers are not taken. `faults` says of each which field it is and what is wrong with it."""

    def __init__(self, sentence: str, faults: Sequence[AnswerFault]):
        self.faults = tuple(faults)
        super().__init__("item.answers_unfit", sentence)


SHOWN = 3  # faults that the refusal names; a form names all of them beside their fields
HOLDING = ("image", "file")


def settle(
    item: Item, given: Mapping[str, Any], *, by: Any, here: datetime, step: str, required: bool
) -> dict[str, Any]:
    """What an item holds once these answers are taken; only what its step asks may be given.

    With `required`, everything that the step asks for must be there. Files are put beside the item.
    """
    definition = item.edition.definition
    asked = rules.asked_at(definition, step)
    open_ones = rules.tops(definition, asked)
    foreign = [name for name in given if name not in open_ones]
    if foreign:
        no(
            "item.not_asked",
            say(_("This step does not ask for: %(fields)s."), fields=listed(foreign[:SHOWN])),
        ).enforce()
    known = known_of_place(item)
    given = {name: value for name, value in given.items() if name not in known}
    merged = {**item.answers, **take_files(item, given, by=by), **known}
    checked = check_answers(definition, merged, at=here, before=item.answers, asked=asked if required else ())
    return _taken(definition, checked, item.answers, open_ones)


def settle_any(item: Item, given: Mapping[str, Any], *, by: Any, here: datetime) -> dict[str, Any]:
    """The same where any answer may be given and nothing must: of new items, and in corrections."""
    definition, known = item.edition.definition, known_of_place(item)
    given = {name: value for name, value in given.items() if name not in known}
    merged = {**item.answers, **take_files(item, given, by=by), **known}
    checked = check_answers(definition, merged, at=here, before=item.answers, asked=())
    return _taken(definition, checked, item.answers, set(given))


def _taken(
    definition: Definition, checked: Checked, was: Mapping[str, Any], open_ones: Collection[str]
) -> dict[str, Any]:
    """Refuse what is wrong with the answers given; what stands elsewhere and no longer fits, stays."""
    values = dict(checked.values)
    wrong = []
    for fault in checked.faults:
        top = rules.top_of(definition, fault.field)
        if top in open_ones:
            wrong.append(fault)
        elif top in was:
            values[top] = was[top]
    if wrong:
        lines = []
        for fault in wrong[:SHOWN]:
            one = definition.find(fault.field)
            lines.append(f"{(one.label if one else '') or fault.field}: {fault.sentence}")
        raise AnswersUnfit(" ".join(lines), wrong)
    return values


# -- files -----------------------------------------------------------------------------------------------


def take_files(item: Item, given: Mapping[str, Any], *, by: Any) -> dict[str, Any]:
    """The answers with each file put beside the item and named by its attachment."""
    definition = item.edition.definition
    names = _holders(definition)
    offered = dict(_offered(given, names))
    if not offered:
        return dict(given)
    files = [file for file in offered.values() if file is not None]
    attached = attach_files(files, item, role=Role.EVIDENCE, by=by) if files else []
    by_file = {file.pk: str(one.pk) for file, one in zip(files, attached, strict=True)}
    own = {str(pk) for pk in attachments_of(item).values_list("pk", flat=True)}
    own |= {str(token) for token, _file in _offered(item.answers, names)}  # of a part: of what was split
    return {name: _named(name, value, names, offered, by_file, own) for name, value in given.items()}


@lru_cache(maxsize=256)
def _holders(definition: Definition) -> frozenset[str]:
    """The fields whose answer is a file."""
    return frozenset(one.name for one in definition.walk() if one.type in HOLDING)


def brings_files(definition: Definition, given: Mapping[str, Any]) -> bool:
    """Whether files are put beside the item with these answers, which its record then begins with."""
    return next(iter(_offered(given, _holders(definition))), None) is not None


def _offered(given: Any, names: Collection[str]) -> Iterator[tuple[Any, StoredFile | None]]:
    """Every file among the answers, as it was given."""
    for name, value in given.items():
        if isinstance(value, list):
            for entry in value:
                if isinstance(entry, Mapping):
                    yield from _offered(entry, names)
        elif name in names and value not in (None, ""):
            yield _token(value), _file(value)


def _token(value: Any) -> Any:
    return value.pk if isinstance(value, StoredFile) else str(value)


def _file(value: Any) -> StoredFile | None:
    if isinstance(value, StoredFile):
        return value
    ticket = read_ticket(str(value))
    found = stored_files([ticket[0]]) if ticket is not None else []
    for file in found:
        file.offered_name = ticket[1] if ticket is not None else ""
    return found[0] if found else None


def _named(
    name: str,
    value: Any,
    names: Collection[str],
    offered: Mapping[Any, StoredFile | None],
    by_file: Mapping[int, str],
    own: Collection[str],
) -> Any:
    if isinstance(value, list):
        return [
            {key: _named(key, one, names, offered, by_file, own) for key, one in entry.items()}
            if isinstance(entry, Mapping)
            else entry
            for entry in value
        ]
    if name not in names or value in (None, ""):
        return value
    file = offered[_token(value)]
    if file is not None:
        return by_file[file.pk]
    if str(value) not in own:
        no("item.file_gone", _("A file is not there any more. Please add it again.")).enforce()
    return str(value)
