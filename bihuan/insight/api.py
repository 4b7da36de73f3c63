"""Operations on figures: the Numbers page for programs, and what each indicator means."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.utils import translation
from django.utils.translation import gettext_noop as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from bihuan.api.authentication import Bearer
from bihuan.api.models import Scope
from bihuan.api.problems import Invalid
from bihuan.api.shapes import Id, Shape, words
from bihuan.insight import queries
from bihuan.insight.catalogue import INDICATORS, definitions
from bihuan.insight.periods import Period

router = Router(tags=["figures"])
READ = Bearer(Scope.FIGURES_READ)


class Asked(BaseModel):
    """Figures of what. What is left out is the widest within your reach."""

    period: Annotated[str, Field(pattern=r"^\d{4}(-(W\d{2}|Q[1-4]|\d{2}(-\d{2})?))?$")] | None = Field(
        default=None,
        description=_("2026, 2026-Q1, 2026-03, 2026-W12 or 2026-03-15; without one, this month."),
        examples=["2026-03"],
    )
    area: Id | None = Field(default=None, description=_("District, subdistrict, community or village."))
    unit: Id | None = Field(default=None, description=_("With every unit under it."))
    matter: Id | None = Field(default=None, description=_("With every matter below it."))


class Broken(Asked):
    """Figures of one indicator, area by area, unit by unit or matter by matter."""

    by: Literal["area", "unit", "matter"] = Field(default="area", description=_("What the lines are."))
    indicator: Literal[tuple(INDICATORS)] = Field(  # type: ignore[valid-type]
        default="in_time_rate", description=_("Its code, as the list of indicators has it.")
    )


class Looked(Shape):
    """What was looked at."""

    period: str = Field(examples=["2026-03"])
    starts_on: date
    ends_on: date
    running: bool = Field(description=_("Whether the period is not over yet."))
    closed_at: datetime | None = Field(description=_("Since when its figures are final."))
    area: int
    unit: int | None
    matter: int | None


class Past(Shape):
    """A period of the course of a figure."""

    period: str
    value: float | None


class FigureShown(Shape):
    """One indicator. Its value is null where there is nothing to divide by."""

    code: str = Field(examples=["in_time_rate"])
    name: str
    kind: str = Field(description=_("share (0 to 1), duration (seconds), count or stock."))
    value: float | None = Field(examples=[0.93])
    numerator: int | None
    denominator: int | None
    before: float | None = Field(description=_("In the period before."))
    beside: str = Field(description=_("The indicator that is always shown with it; may be empty."))
    trend: list[Past]


class FiguresShown(Looked):
    """Every indicator of what was asked for."""

    figures: list[FigureShown]


class LineShown(Shape):
    """An area, a unit or a matter. There is no rank where fewer than ten cases were due."""

    id: int
    name: str
    rest: bool = Field(description=_("Whether it is what lies in none of the areas listed."))
    due: int
    rank: int | None
    value: float | None
    numerator: int | None
    denominator: int | None
    beside: float | None = Field(
        description=_("The value of the indicator always shown with it; null if none.")
    )


class LinesShown(Looked):
    """One indicator, line by line, the best first."""

    indicator: str
    by: str
    lines: list[LineShown]


class IndicatorShown(Shape):
    """What an indicator means."""

    code: str
    name: str
    formula: str = Field(description=_("How it is reckoned."))
    numerator: str
    denominator: str
    cohort: str = Field(description=_("Which cases it is about."))
    grain: str = Field(description=_("What is counted: case, transition or night."))
    unit: str = Field(description=_("share (0 to 1), duration (seconds), count or stock."))
    better: str = Field(description=_("higher or lower; empty when it is neither."))
    beside: str = Field(description=_("The indicator that is always shown with it; may be empty."))
    note: str
    version: int = Field(description=_("Of the definition: a new one when its meaning changes."))


class IndicatorsShown(Shape):
    """The catalogue of indicators."""

    items: list[IndicatorShown]


@router.get(
    "/figures",
    response=FiguresShown,
    auth=READ,
    summary=_("Show the figures"),
    description=_("Every indicator of a period, an area, perhaps a unit and a matter, with its course."),
)
def show_figures(request: HttpRequest, asked: Query[Asked]) -> FiguresShown:
    view = _view(request, asked)
    found = queries.figures_for(view)
    return FiguresShown(**_looked(view), figures=[_figure(one) for one in found.figures.values()])


@router.get(
    "/figures/lines",
    response=LinesShown,
    auth=READ,
    summary=_("Compare areas, units or matters"),
    description=_(
        "One indicator for each area directly in it, for each unit, or for each matter directly below it."
        " Units only, never persons."
    ),
)
def compare_figures(request: HttpRequest, asked: Query[Broken]) -> LinesShown:
    view = _view(request, asked)
    if asked.by == "area":
        lines = queries.lines_by_area(view, asked.indicator)
    elif asked.by == "matter":
        lines = queries.lines_by_matter(view, asked.indicator)
    else:
        units = queries.units_to_choose(request.user)
        lines = queries.lines_by_unit(view, asked.indicator, units=units)
    return LinesShown(
        **_looked(view),
        indicator=asked.indicator,
        by=asked.by,
        lines=[_line(one, asked.indicator) for one in lines],
    )


@router.get(
    "/indicators",
    response=IndicatorsShown,
    auth=READ,
    summary=_("List the indicators"),
    description=_("What each figure means and how it is reckoned."),
)
def list_indicators(request: HttpRequest) -> IndicatorsShown:
    return IndicatorsShown(items=[IndicatorShown(**one) for one in definitions()])


def _view(request: HttpRequest, asked: Asked) -> queries.View:
    if asked.period is not None and Period.read(asked.period) is None:
        raise Invalid({"period": [translation.gettext("There is no such period.")]})
    given = asked.model_dump(include={"period", "area", "unit", "matter"}, exclude_none=True)
    view = queries.view_for(request.user, {name: str(value) for name, value in given.items()})
    if view is None:
        raise Http404
    return view


def _looked(view: queries.View) -> dict[str, Any]:
    closing = queries.closing_of(view)
    return {
        "period": str(view.period),
        "starts_on": view.period.start,
        "ends_on": view.period.end,
        "running": view.is_running,
        "closed_at": closing.at if closing else None,
        "area": view.area.pk,
        "unit": view.unit.pk if view.unit else None,
        "matter": view.matter.pk if view.matter else None,
    }


def _figure(figure: queries.Figure) -> FigureShown:
    indicator = figure.indicator
    return FigureShown(
        code=indicator.code,
        name=words(indicator.name),
        kind=indicator.kind,
        value=figure.value,
        numerator=figure.top,
        denominator=figure.bottom,
        before=figure.before,
        beside=indicator.beside,
        trend=[Past(period=str(period), value=value) for period, value in figure.trend],
    )


def _line(line: queries.Line, code: str) -> LineShown:
    figure = line.figure(code)
    beside = figure.indicator.beside
    return LineShown(
        id=line.place.pk,
        name=line.label,
        rest=line.is_rest,
        due=line.sums.counts["due"],
        rank=line.rank,
        value=figure.value,
        numerator=figure.top,
        denominator=figure.bottom,
        beside=line.figure(beside).value if beside else None,
    )
