"""The campaigns and items of the ledgers' tests, and evenings on which their reports are made."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from bihuan.core.clock import travel
from bihuan.ledgers.models import Item
from bihuan.ledgers.tests.conftest import (  # the fixtures themselves
    at_nine,
    entry_of,
    force,
    make_campaign,
    make_item,
    moment,
    stand_in_for,
    told,
)
from bihuan.reports.actions import make_due_reports
from bihuan.reports.documents import Summary, Table, from_json
from bihuan.reports.models import Report

__all__ = ["at_nine", "entry_of", "force", "make_campaign", "make_item", "stand_in_for", "told"]


@pytest.fixture
def evening() -> Callable[[str], list[Report]]:
    """`evening("2025-09-10 18:30")`: the reports that a worker makes at that moment."""

    def make(at: str | datetime) -> list[Report]:
        last = Report.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with travel(moment(at) if isinstance(at, str) else at):
            make_due_reports()
        return list(Report.objects.filter(pk__gt=last).order_by("pk"))

    return make


def said(report: Report, *, outside: bool = False) -> Summary:
    return from_json((report.outside if outside else report.content) or {})


def value(report: Report, code: str, *, outside: bool = False) -> Any:
    """What a report says of a figure, and by how much it moved."""
    figure = next((one for one in said(report, outside=outside).parts[0].figures if one.code == code), None)
    return (figure.value, figure.change) if figure is not None else None


def rows(report: Report, code: str) -> list[dict[str, Any]]:
    """The rows of a table by column."""
    table: Table = next(one for one in said(report).parts[0].tables if one.code == code)
    return [dict(zip((one.code for one in table.columns), row, strict=True)) for row in table.rows]


def again(item: Item) -> Item:
    return Item.objects.with_names().get(pk=item.pk)
