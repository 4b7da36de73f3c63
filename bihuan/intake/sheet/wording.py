"""Says what is wrong with a row and what its author can do, in the reader's language."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bihuan.core.sheets import RowError
from bihuan.intake.sheet.fields import FIELDS

SENTENCES: dict[str, tuple[Any, Any]] = {
    "no_words": (
        gettext_lazy("The row does not say what is wrong: neither words nor a heading."),
        gettext_lazy("Write what was reported."),
    ),
    "too_long": (
        gettext_lazy("%(length)s characters; at most %(limit)s fit."),
        gettext_lazy("Shorten it, or split it into two rows."),
    ),
    "formula": (
        gettext_lazy("A formula failed here (%(text)s)."),
        gettext_lazy("Replace the formula by its value."),
    ),
    "rounded": (
        gettext_lazy("The number %(text)s is too long for a number cell: its last digits were lost."),
        gettext_lazy("Format the column as text and enter the number anew."),
    ),
    "number_taken": (
        gettext_lazy("Row %(row)s has the same number “%(text)s” with another text."),
        gettext_lazy("Give one of the two rows its right number."),
    ),
    "number_known": (
        gettext_lazy(
            "Number “%(text)s” belongs to a report that is here already (case %(case)s), with another text."
        ),
        gettext_lazy("Correct the number. If this is another list, give it another source name."),
    ),
    "date": (
        gettext_lazy("“%(text)s” is no date that we can read."),
        gettext_lazy("Write it like 2026-03-09 14:30, or empty the cell."),
    ),
    "ambiguous_date": (
        gettext_lazy("“%(text)s” can mean two days: month and day are not clear."),
        gettext_lazy("Write it like 2026-03-09, year first."),
    ),
    "future": (
        gettext_lazy("%(text)s lies in the future."),
        gettext_lazy("Correct the date, or empty the cell."),
    ),
    "long_ago": (
        gettext_lazy("%(text)s is too long ago."),
        gettext_lazy("Correct the date, or empty the cell."),
    ),
    "degrees": (
        gettext_lazy("“%(text)s” is no coordinate in degrees."),
        gettext_lazy("Write it like 114.6512, or empty both cells."),
    ),
    "pair": (
        gettext_lazy("“%(text)s” is no pair of coordinates."),
        gettext_lazy("Write it like 114.6512, 33.6204, or empty the cell."),
    ),
    "half_point": (
        gettext_lazy("One of the two coordinates is missing."),
        gettext_lazy("Fill in both, or empty both."),
    ),
    "not_on_earth": (
        gettext_lazy("There is no point %(text)s on Earth."),
        gettext_lazy("Write degrees like 114.6512, or empty both cells."),
    ),
    "phone": (
        gettext_lazy("“%(text)s” is no phone number."),
        gettext_lazy("Correct it, or empty the cell."),
    ),
    "yes_or_no": (gettext_lazy("“%(text)s” is neither yes nor no."), gettext_lazy("Write 是 or 否.")),
    "no_area": (
        gettext_lazy("There is no area “%(text)s”."),
        gettext_lazy("Write its name or code as in the set-up, or empty the cell."),
    ),
    "many_areas": (
        gettext_lazy("Several areas are called “%(text)s”."),
        gettext_lazy("Use the code: %(codes)s."),
    ),
}

SHORT: dict[str, Any] = {
    "no_words": pgettext_lazy("fault in a row", "no words"),
    "too_long": pgettext_lazy("fault in a row", "too long"),
    "formula": pgettext_lazy("fault in a row", "a failed formula"),
    "rounded": pgettext_lazy("fault in a row", "a number with lost digits"),
    "number_taken": pgettext_lazy("fault in a row", "the number of another row"),
    "number_known": pgettext_lazy("fault in a row", "the number of another report"),
    "date": pgettext_lazy("fault in a row", "no date"),
    "ambiguous_date": pgettext_lazy("fault in a row", "a date with two meanings"),
    "future": pgettext_lazy("fault in a row", "a date in the future"),
    "long_ago": pgettext_lazy("fault in a row", "a date too long ago"),
    "degrees": pgettext_lazy("fault in a row", "no coordinate"),
    "pair": pgettext_lazy("fault in a row", "no pair of coordinates"),
    "half_point": pgettext_lazy("fault in a row", "half a point"),
    "not_on_earth": pgettext_lazy("fault in a row", "a point that is not on Earth"),
    "phone": pgettext_lazy("fault in a row", "no phone number"),
    "yes_or_no": pgettext_lazy("fault in a row", "neither yes nor no"),
    "no_area": pgettext_lazy("fault in a row", "an unknown area"),
    "many_areas": pgettext_lazy("fault in a row", "an ambiguous area"),
}


def explain(
    row: int, fault: dict[str, Any], titles: Sequence[str] = (), columns: dict[str, int] | None = None
) -> RowError:
    """One fault in words; the column is called as in the file when its headings are at hand."""
    problem, remedy = SENTENCES[fault["code"]]
    column = (columns or {}).get(fault["field"])
    title = (
        titles[column] if column is not None and column < len(titles) else str(FIELDS[fault["field"]].label)
    )
    told = str(remedy) % fault
    if fault.get("near"):
        told = _("Perhaps “%(near)s”?") % fault
    return RowError(row, title, str(problem) % fault, told)


def short(code: str) -> str:
    return str(SHORT[code])
