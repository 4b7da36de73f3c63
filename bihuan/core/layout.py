"""Which sheet of a workbook holds the list, where its headings stand, and what its columns begin with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.core.book import Book
from bihuan.core.sheets import as_text
from bihuan.core.text import clean
from bihuan.core.xlsx import letter_of


@dataclass(frozen=True)
class Column:
    """One column of the file, with its first values."""

    index: int
    letter: str
    title: str
    examples: list[str]


def columns_of(book: Book, sheet: str, header: int, titles: Sequence[str]) -> list[Column]:
    """The columns with the first values in each."""
    lines = [cells for number, cells in book.top(sheet, header + 30) if number > header]
    return [
        Column(
            index,
            letter_of(index),
            title,
            [text for cells in lines if index < len(cells) and (text := as_text(cells[index]))][:3],
        )
        for index, title in enumerate(titles)
    ]


class LayoutForm(forms.Form):
    """Which sheet holds the list, and in which row its headings stand."""

    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"), required=False)
    header = forms.TypedChoiceField(
        label=gettext_lazy("The column names stand in"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, book: Book, sheet: str, headless: Any, **kwargs: Any):
        """`headless` says what it means that no row holds headings."""
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [  # type: ignore[attr-defined]
            (choice.name, _("%(sheet)s (hidden)") % {"sheet": choice.name} if choice.hidden else choice.name)
            for choice in book.sheets
        ]
        self.fields["header"].choices = [  # type: ignore[attr-defined]
            (0, headless),
            *((number, _row_named(number, cells)) for number, cells in book.top(sheet) if any(_texts(cells))),
        ]


def _texts(cells: list[Any]) -> list[str]:
    return [clean(str(cell)) for cell in cells if cell not in ("", None)]


def _row_named(number: int, cells: list[Any]) -> str:
    said = " · ".join(text[:12] for text in _texts(cells)[:5] if text)
    return _("row %(number)s: %(said)s") % {"number": number, "said": said[:60]}
