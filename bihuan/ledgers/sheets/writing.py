"""Writes the workbook to fill in for a campaign, and the workbook of refused rows."""

import io
from collections.abc import Iterator
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from bihuan.core.sheets import OPTIONS, write_workbook
from bihuan.core.text import listed
from bihuan.intake.sheet.fields import ADDED
from bihuan.ledgers.definition.model import SELECT_ONE
from bihuan.ledgers.models import Campaign, ItemSheet, Post
from bihuan.ledgers.queries.sheets import column_named, open_items
from bihuan.ledgers.sheets.columns import Meaning, meanings_of

ROWS = 5_000  # as far down as cells offer their choices


def blank_workbook(campaign: Campaign) -> bytes:
    """Headings, choices to pick from, and a sheet that explains each column, in the reader's language."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, OPTIONS | {"in_memory": True})
    bold = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF7", "border": 1}
    )
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    meanings = list(meanings_of(campaign.edition.definition).values())
    items = book.add_worksheet(_("Items")[:31])
    about = book.add_worksheet(_("Explanation")[:31])
    lists = book.add_worksheet(_("Choices")[:31])
    items.freeze_panes(1, 1)
    offered = [(one, _choices(campaign, one)) for one in meanings]
    for column, (one, choices) in enumerate(offered):
        items.write_string(0, column, one.label, bold)
        kind = one.field.type if one.field is not None else "text"
        number = one.key in ("lon", "lat") or kind in ("integer", "decimal")
        items.set_column(
            column,
            column,
            max(12, min(30, len(one.label) * 2 + 2)),
            None if number else day if kind == "date" else text,
        )
        if choices:
            lists.write_string(0, column, one.label, bold)
            for row, choice in enumerate(choices, start=1):
                lists.write_string(row, column, choice)
            letter = xl_col_to_name(column, col_abs=True)
            strict = one.field is None or one.field.type == SELECT_ONE
            items.data_validation(
                1, column, ROWS, column,
                {
                    "validate": "list",
                    "source": f"='{_('Choices')[:31]}'!{letter}$2:{letter}${len(choices) + 1}",
                    "error_type": "stop" if strict else "information",
                    "error_title": one.label[:32],
                    "error_message": _("Please pick one of the list.")[:255],
                },
            )  # fmt: skip
    for column, heading in enumerate((_("Column"), _("What to write"), _("Kind"), _("Choices"))):
        about.write_string(0, column, heading, bold)
    for row, (one, choices) in enumerate(offered, start=1):
        cells = (one.label, one.about, _kind(one), listed(choices[:30]))
        for column, cell in enumerate(cells):
            about.write_string(row, column, cell, wrap)
    notes = (
        _("One row for each item. Columns that you do not need can be deleted or left empty."),
        _("With an own number the same list can be imported twice: what is there already stays as it is."),
        _("Leave the headings as they are; a second row of headings, merged cells and sums are not needed."),
    )
    for row, note in enumerate(notes, start=len(offered) + 2):
        about.write_string(row, 0, note)
    about.set_column(0, 0, 24)
    about.set_column(1, 1, 56)
    about.set_column(2, 2, 16)
    about.set_column(3, 3, 60)
    about.freeze_panes(1, 0)
    book.close()
    return target.getvalue()


def _choices(campaign: Campaign, one: Meaning) -> list[str]:
    if one.key == "team":
        return [team.label for team in campaign.teams.filter(retired_at=None).order_by("pk")]
    if one.key == "responsible":
        posts = Post.objects.current().filter(campaign=campaign).select_related("person").order_by("pk")
        return list(dict.fromkeys(post.person.name for post in posts if post.person.name))
    if one.field is not None and one.field.list:
        choices = campaign.edition.definition.list_of(one.field.list)
        return [str(choice.label) or choice.name for choice in choices]
    return []


def _kind(one: Meaning) -> str:
    if one.field is None:
        return _("number") if one.key in ("lon", "lat") else _("text")
    return {
        "integer": _("whole number"),
        "decimal": _("number"),
        "date": _("date, as 2026-03-09"),
        "time": _("time, as 18:00"),
        "dateTime": _("date and time, as 2026-03-09 18:00"),
        "select_one": _("one of the choices"),
        "select_multiple": _("several choices, with ; between them"),
        "geopoint": _("latitude and longitude, with a space between them"),
    }.get(one.field.type, _("text"))


def refused_rows_workbook(sheet: ItemSheet) -> bytes:
    """The refused rows as they were, with row, reason and remedy; mended, it is imported like the file."""
    target = io.BytesIO()
    header = [*sheet.titles, *map(str, ADDED)]
    write_workbook(target, {_("Refused rows"): (header, _refused(sheet))})
    return target.getvalue()


def _refused(sheet: ItemSheet) -> Iterator[list[Any]]:
    titles = sheet.titles
    refused = sheet.refused_rows.values_list("row", "faults").order_by("row").iterator(chunk_size=2_000)
    wanted = next(refused, None)
    for number, cells in open_items(sheet).lines(sheet.sheet):
        if wanted is None:
            return
        if number == wanted[0]:
            own = [*cells[: len(titles)], *[None] * (len(titles) - len(cells))]
            problems = "\n".join(
                f"{column_named(titles, one['column'])}: {one['problem']}".lstrip(": ") for one in wanted[1]
            )
            remedies = "\n".join(dict.fromkeys(one["remedy"] for one in wanted[1]))
            yield [*own, number, problems, remedies]
            wanted = next(refused, None)
