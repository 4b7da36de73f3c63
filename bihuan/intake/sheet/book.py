"""A workbook of reports: what its headings mean says which sheet and row hold them."""

from collections.abc import Sequence

from bihuan.core import book
from bihuan.core.book import Line, without_nul
from bihuan.intake.sheet.fields import recognised

__all__ = ["Book", "Line", "without_nul"]


class Book(book.Book):
    def recognised(self, titles: Sequence[str]) -> set[str]:
        return recognised(titles)
