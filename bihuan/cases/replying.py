"""Standard replies 常用语: their placeholders, what each stands for, and the field that a text goes into."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.cases.models import Case
from bihuan.core.clock import local, today
from bihuan.territory.queries import district, where

WRITTEN = re.compile(r"\{([^{}]*)\}")
STRAY = re.compile(r"[{}]")

# The verbs that have a text to fill, and its field.
FIELDS = {
    "decline": "note",
    "return": "reason",
    "suspend": "reason",
    "backlog": "reason",
    "contact": "words",
    "resolve": "note",
    "inspect": "reply",
    "rework": "reason",
    "close": "reply",
}


@dataclass(frozen=True)
class Placeholder:
    """A word in braces, what it means, and what it becomes for a case. Empty: it is left to the writer."""

    means: Any
    value: Callable[[Case], str]


# The reporter is addressed without a name: several people may have reported it, and all read the reply. What
# they wrote themselves, heading and address, has no placeholder: a reply stands in the record for good.
PLACEHOLDERS = {
    "number": Placeholder(gettext_lazy("the case number"), lambda case: case.number),
    "matter": Placeholder(gettext_lazy("the matter"), lambda case: _label(case.matter)),
    "area": Placeholder(gettext_lazy("subdistrict and community"), lambda case: where(case.area)),
    "place": Placeholder(gettext_lazy("place"), lambda case: _label(case.place)),
    "unit": Placeholder(gettext_lazy("the handling unit"), lambda case: _label(case.unit)),
    "desk": Placeholder(gettext_lazy("the desk"), lambda case: _label(case.desk)),
    "district": Placeholder(gettext_lazy("the district"), lambda case: _label(district())),
    "reporter": Placeholder(gettext_lazy("a form of address, without a name"), lambda case: _("reporter")),
    "reported": Placeholder(
        gettext_lazy("the day of the report"),
        lambda case: date_format(local(case.reported_at), "DATE_FORMAT"),
    ),
    "promised": Placeholder(
        gettext_lazy("the promised day"),
        lambda case: date_format(local(case.promised_at), "DATE_FORMAT") if case.promised_at else "",
    ),
    "resolution": Placeholder(gettext_lazy("what was done"), lambda case: case.resolution),
    "today": Placeholder(gettext_lazy("today's date"), lambda case: date_format(today(), "DATE_FORMAT")),
}


def _label(thing: Any) -> str:
    return str(thing.label) if thing is not None else ""


def fault_in(text: str) -> str:
    """What is wrong with a text's placeholders, by name; nothing when they are all known."""
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    for name in WRITTEN.findall(text):
        if name not in PLACEHOLDERS:
            told = {"name": name, "known": known}
            return _("There is no placeholder {%(name)s}. There are: %(known)s.") % told
    if STRAY.search(WRITTEN.sub("", text)):
        return _("A brace stands alone. A placeholder is written like this: {number}.")
    return ""


def fill(text: str, case: Case) -> str:
    """The text for this case; what the case cannot tell yet stays in braces, for the writer."""

    def value(match: re.Match[str]) -> str:
        placeholder = PLACEHOLDERS.get(match[1])
        return (placeholder.value(case) if placeholder else "") or match[0]

    return WRITTEN.sub(value, text)


def unfilled(text: str) -> list[str]:
    """Placeholders that still stand in a text."""
    return [name for name in WRITTEN.findall(text) if name in PLACEHOLDERS]
