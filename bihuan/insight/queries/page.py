"""What the Numbers page shows: cards, the course of one indicator, tables, and the same as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bihuan.accounts.models import Unit
from bihuan.cases.models import Matter
from bihuan.core.clock import today
from bihuan.insight import wording
from bihuan.insight.catalogue import COUNT, INDICATORS, PROMISE, SHARE, STOCK, Indicator
from bihuan.insight.periods import KINDS, Period
from bihuan.insight.queries.behind import BOTTOM, TOP
from bihuan.insight.queries.figures import (
    SCORE,
    Figure,
    Figures,
    Line,
    figures_for,
    lines_by_area,
    lines_by_matter,
    lines_by_unit,
)
from bihuan.insight.queries.scope import View
from bihuan.insight.rules import closes_at
from bihuan.insight.wording import Said

ROWS = 15  # of a table, until all are asked for
FIRST = "in_time_rate"  # what the page opens with
# Of the tables: what somebody compares at a glance. What was closed in time never stands without what waits.
COLUMNS = (
    "in_time_rate", "suspension_rate", "rework_rate", "solved_rate", "satisfaction_rate",
    "mean_time", "open_at_end", "overdue_at_end",
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One figure in a table, with the way to what lies behind it."""

    said: Said
    url: str
    value: float | None

    @property
    def html(self) -> SafeString | str:
        return format_html('<a href="{}">{}</a>', self.url, self.said) if self.url else str(self.said)


@dataclass(frozen=True)
class Row:
    """One area, unit or matter of a table."""

    label: str
    url: str
    due: int
    due_url: str
    cells: list[Cell]
    rank: int | None = None
    is_few: bool = False
    score: float | None = None

    @property
    def figures(self) -> SafeString:
        """The cells as HTML: there are a thousand of them, and a template takes its time over each."""
        return format_html_join(
            "",
            '<td class="num{}">{}</td>',
            ((" is-finer" if place > 1 else "", cell.html) for place, cell in enumerate(self.cells)),
        )

    @property
    def score_said(self) -> str:
        return wording.NOTHING if self.score is None else wording.whole(round(self.score))


@dataclass(frozen=True)
class Point:
    """One period of a course."""

    label: str
    short: str
    url: str
    cells: list[Cell]


@dataclass(frozen=True)
class Heading:
    """A column that can be sorted by."""

    code: str
    label: Any
    url: str
    current: bool


@dataclass
class Table:
    headings: list[Heading]
    total: int  # of lines; the rows are the first of them, unless all were asked for
    rows: list[Row] = field(default_factory=list)
    is_ranked: bool = False
    scored: bool = False
    by_score: bool = False
    score_url: str = ""
    beyond_url: str = ""


@dataclass(frozen=True)
class Card:
    """One indicator on the page."""

    figure: Figure
    said: Said
    change: str
    spark: dict[str, Any]
    top_url: str
    bottom_url: str
    trend_url: str

    @property
    def indicator(self) -> Indicator:
        return self.figure.indicator


@dataclass
class NumbersPage:
    """Everything the page prints."""

    view: View
    figures: Figures
    kinds: list[dict[str, Any]]
    earlier: str
    later: str
    closes_at: datetime
    head: list[Card]
    groups: list[tuple[Any, list[Card]]]
    chosen: list[Figure]
    trend: list[Point]
    areas: Table
    units: Table
    matters: Table
    export_url: str


def page_for(view: View, units: Iterable[Unit], query: Mapping[str, str]) -> NumbersPage:
    """The page for a view; `query` says which indicator's way is drawn and how the tables are sorted."""
    figures = figures_for(view)
    chosen = [figure for figure in [figures.figures.get(query.get("show", ""))] if figure]
    chosen = chosen or [figures.figures[FIRST]]
    if chosen[0].indicator.beside:
        chosen.append(figures.figures[chosen[0].indicator.beside])
    sort, every = query.get("sort", ""), query.get("rows") == "all"
    by_area, by_unit = lines_by_area(view, sort), lines_by_unit(view, sort, units=units)
    groups = [
        (name, [_card(view, figure) for figure in found if figure.indicator.code not in HEAD])
        for name, found in figures.groups()
    ]
    return NumbersPage(
        view=view,
        figures=figures,
        kinds=_kinds(view),
        earlier=_numbers(view.at(view.period.previous)),
        later=_numbers(view.at(view.period.next)) if view.period.end < today() else "",
        closes_at=closes_at(view.period),
        head=[_card(view, figures.figures[code]) for code in HEAD],
        groups=[group for group in groups if group[1]],
        chosen=chosen,
        trend=[_point(view, period, chosen) for period in figures.periods],
        areas=_table(view, by_area, sort, every=every),
        units=_table(view, by_unit, sort, every=every, scored=True),
        matters=_table(view, lines_by_matter(view, sort), sort, every=every),
        export_url=f"{reverse('insight:export')}?{view.query(sort=sort or None)}",
    )


OF_DUE = INDICATORS["suspension_rate"]  # its bottom is what was due
HEAD = [code for code, found in INDICATORS.items() if found.group == PROMISE]


def _numbers(view: View, **changes: Any) -> str:
    return f"{reverse('insight:numbers')}?{view.query(**changes)}"


def _behind(view: View, indicator: Indicator, part: str = TOP) -> str:
    return f"{_all_behind(view)}&indicator={indicator.code}&part={part}"


def _all_behind(view: View) -> str:
    """The beginning of every address of cases behind a figure of this view."""
    return f"{reverse('insight:behind')}?{view.query()}"


def _kinds(view: View) -> list[dict[str, Any]]:
    """Day, week, month, quarter, year: the one that holds the last day of what is shown."""
    return [
        {
            "label": label,
            "url": _numbers(view.at(Period.holding(view.last_day, kind))),
            "current": kind == view.period.kind,
        }
        for kind, label in KINDS.items()
    ]


def _card(view: View, figure: Figure) -> Card:
    indicator = figure.indicator
    return Card(
        figure,
        wording.said(indicator, figure.value),
        wording.change(figure),
        wording.spark(figure.trend),
        _behind(view, indicator) if figure.top else "",
        _behind(view, indicator, BOTTOM) if figure.bottom else "",
        f"{_numbers(view, show=indicator.code)}#trend",
    )


def _cell(behind: str, figure: Figure) -> Cell:
    """A figure in a table; `behind` is the beginning of the address of its cases, or empty."""
    indicator = figure.indicator
    return Cell(
        wording.said(indicator, figure.value),
        f"{behind}&indicator={indicator.code}&part={TOP}" if behind and figure.top else "",
        _plotted(indicator, figure.value),
    )


def _plotted(indicator: Indicator, value: float | None) -> float | None:
    """As a chart and a workbook take it: percent, hours, or the number itself."""
    if value is None or indicator.kind in (COUNT, STOCK):
        return value
    return round(100 * value, 1) if indicator.kind == SHARE else round(value / wording.HOUR, 1)


def _point(view: View, period: Period, chosen: Sequence[Figure]) -> Point:
    at = view.at(period)
    behind, cells = _all_behind(at), []
    for figure in chosen:
        value = dict(figure.trend)[period]
        cells.append(_cell(behind, Figure(figure.indicator, 1 if value else 0, None, value)))
    return Point(period.label, period.short, _numbers(at), cells)


def _table(view: View, lines: list[Line], sort: str, *, every: bool, scored: bool = False) -> Table:
    indicators = [INDICATORS[code] for code in COLUMNS]
    headings = [
        Heading(found.code, found.name, _numbers(view, sort=found.code), found.code == sort)
        for found in indicators
    ]
    table = Table(headings, len(lines), scored=scored, by_score=sort == SCORE)
    table.score_url = _numbers(view, sort=SCORE)
    if len(lines) > ROWS and not every:
        table.beyond_url = _numbers(view, sort=sort or None, rows="all")
    table.is_ranked = sort in COLUMNS or (scored and sort == SCORE)
    for line in lines if every else lines[:ROWS]:
        at = _at(view, line)
        behind = "" if line.is_rest else _all_behind(at)
        table.rows.append(
            Row(
                label=line.label,
                url="" if at == view else _numbers(at),
                due=line.sums.counts["due"],
                due_url=behind and f"{behind}&indicator={OF_DUE.code}&part={BOTTOM}",
                cells=[_cell(behind, line.figure(found.code)) for found in indicators],
                rank=line.rank,
                is_few=line.is_few or (sort in COLUMNS and not line.compares_by(sort)),
                score=line.score,
            )
        )
    return table


def _at(view: View, line: Line) -> View:
    """The view of one line of a table."""
    if isinstance(line.place, Unit):
        return replace(view, unit=line.place)
    if isinstance(line.place, Matter):
        return replace(view, matter=line.place)
    return replace(view, area=line.place)


def total_behind(view: View, indicator: Indicator, part: str) -> int:
    """What the figure says: how many lines its list has."""
    figure = figures_for(view, periods=2).figures.get(indicator.code)
    if figure is None:
        return 0
    return (figure.bottom if part == BOTTOM and figure.bottom is not None else figure.top) or 0


def sheets_of(page: NumbersPage) -> dict[str, tuple[list[Any], list[list[Any]]]]:
    """What is shown as sheets of a workbook: figures, their way, areas, units, matters."""
    figures = [
        [
            str(figure.indicator.name),
            _plotted(figure.indicator, figure.value),
            wording.measure(figure.indicator),
            figure.top,
            str(figure.indicator.top_name),
            figure.bottom,
            str(figure.indicator.bottom_name),
            str(figure.indicator.formula),
        ]
        for figure in page.figures.figures.values()
    ]
    periods = [period.label for period in page.figures.periods]
    ways = [
        [str(figure.indicator.name), wording.measure(figure.indicator)]
        + [_plotted(figure.indicator, value) for _period, value in figure.trend]
        for figure in page.figures.figures.values()
    ]
    sheets: dict[str, tuple[list[Any], list[list[Any]]]] = {
        _("Numbers"): (
            [
                _("Indicator"), page.view.period.label, _("Measured in"), _("Numerator"), _("What it counts"),
                _("Denominator"), _("What is below"), _("Formula"),
            ],
            figures,
        ),
        _("Course"): ([_("Indicator"), _("Measured in"), *periods], ways),
    }  # fmt: skip
    tables = ((_("By area"), page.areas), (_("By unit"), page.units), (_("By matter"), page.matters))
    for title, table in tables:
        header = [
            title,
            pgettext("cases", "Due"),
            *(f"{h.label} ({wording.measure(INDICATORS[h.code])})" for h in table.headings),
        ]
        rows: list[list[Any]] = [
            [row.label, row.due, *(cell.value for cell in row.cells)] for row in table.rows
        ]
        if table.scored:
            header.append(_("Score"))
            for row, shown in zip(rows, table.rows, strict=True):
                row.append(None if shown.score is None else round(shown.score, 1))
        sheets[title] = (header, rows)
    return sheets
