"""The catalogue of indicators 指标: what each one is called, how it is reckoned, and how it is shown.

Page, API and help are made from it. An indicator divides the lines that carry one mark by those that carry
another; what a mark means is decided in `story`. Units, areas and matters are measured, never persons.

测评得分率, the share of assessed points that conform, is not here yet: the house has no assessments so far.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.insight.marks import Mark

VERSION = 1  # of the definitions; a closed period keeps the one it was closed under

SHARE, DURATION, COUNT, STOCK = "share", "duration", "count", "stock"
MEAN, MEDIAN, P90 = "mean", "median", "p90"
HIGHER, LOWER, NEITHER = "higher", "lower", ""
DUE_DAY, REPORT_DAY, EVENT_DAY, NIGHT = "due", "reported", "event", "night"
LEAST_TO_RANK = 10

COHORTS: dict[str, Any] = {
    DUE_DAY: _("cases due in the period"),
    REPORT_DAY: _("cases reported in the period"),
    EVENT_DAY: _("what happened in the period"),
    NIGHT: _("what stood open when the period ended"),
}


@dataclass(frozen=True)
class Indicator:
    """One number of the Numbers page.

    `top` and `bottom` are the marks counted above and below the line; a count has no bottom. `better` says
    which way is better; `beside` names the indicator that is always shown with it. An indicator that says
    nothing about a unit (nobody had the case yet) is left out where figures are those of a unit.
    """

    code: str
    name: Any
    formula: Any
    group: str
    top: Mark
    bottom: Mark | None = None
    top_name: Any = ""
    bottom_name: Any = ""
    grain: str = "case"
    cohort: str = DUE_DAY
    kind: str = SHARE
    statistic: str = ""
    better: str = HIGHER
    beside: str = ""
    of_units: bool = True
    note: Any = ""

    @property
    def cohort_name(self) -> Any:
        return COHORTS[self.cohort]

    @property
    def weighs(self) -> bool:
        """Whether it can have a part in a composite score."""
        return self.kind == SHARE and self.of_units and self.better != NEITHER


PROMISE, INTAKE, QUALITY, VOICE, TIME, FLOW = "promise", "intake", "quality", "voice", "time", "flow"
GROUPS: dict[str, Any] = {
    PROMISE: _("Keeping what was promised"),
    TIME: _("How long it takes"),
    INTAKE: _("At the desk"),
    VOICE: _("What reporters say"),
    QUALITY: _("Done right the first time"),
    FLOW: _("In numbers"),
}

_due, _standing = _("cases due"), _("suspended or on the backlog")
_closable = _("cases due and not suspended")
_resolved = _("cases reported as done")
_effective = _("effective call-backs")


def _share(code: str, group: str, name: Any, formula: Any, **rest: Any) -> Indicator:
    return Indicator(code, name, formula, group, **rest)


def _time(statistic: str, name: Any, formula: Any) -> Indicator:
    return Indicator(
        f"{statistic}_time",
        name,
        formula,
        TIME,
        top=Mark.RESOLVED,
        top_name=_resolved,
        kind=DURATION,
        statistic=statistic,
        better=LOWER,
        note=_(
            "Natural time from taking over to reporting as done: every stretch in which the unit had the"
            " case; pauses and inspection are left out."
        ),
    )


def _count(code: str, name: Any, formula: Any, mark: Mark, **rest: Any) -> Indicator:
    given: dict[str, Any] = {
        "cohort": EVENT_DAY,
        "better": NEITHER,
        "of_units": False,
        "grain": "transition",
    } | rest
    return Indicator(code, name, formula, FLOW, top=mark, top_name=name, kind=COUNT, **given)


_ALL = [
    _share(
        "in_time_rate",
        PROMISE,
        pgettext_lazy("indicator", "Closed in time"),
        _("closed, done before the promised moment ÷ (due − suspended)"),
        top=Mark.IN_TIME,
        bottom=Mark.CLOSABLE,
        top_name=_("closed, and done in time"),
        bottom_name=_closable,
        beside="suspension_rate",
        note=_("What counts is the last report of completion: work done again is late when that was late."),
    ),
    _share(
        "suspension_rate",
        PROMISE,
        pgettext_lazy("indicator", "Suspended"),
        _("suspended ÷ due"),
        top=Mark.STANDING,
        bottom=Mark.DUE,
        top_name=_standing,
        bottom_name=_due,
        better=LOWER,
        beside="in_time_rate",
        note=_("A case that is taken up again is due later, by as long as it stood."),
    ),
    _share(
        "closing_rate",
        PROMISE,
        pgettext_lazy("indicator", "Closed"),
        _("closed ÷ (due − suspended)"),
        top=Mark.ENDED,
        bottom=Mark.CLOSABLE,
        top_name=_("closed"),
        bottom_name=_closable,
    ),
    _share(
        "extension_rate",
        PROMISE,
        pgettext_lazy("indicator", "Extended"),
        _("given more time ÷ due"),
        top=Mark.EXTENDED,
        bottom=Mark.DUE,
        top_name=_("given more time"),
        bottom_name=_due,
        better=LOWER,
    ),
    _time(
        MEDIAN,
        pgettext_lazy("indicator", "Half are done within"),
        _("median of (done − taken over − pauses)"),
    ),
    _time(
        MEAN, pgettext_lazy("indicator", "On average done within"), _("mean of (done − taken over − pauses)")
    ),
    _time(
        P90,
        pgettext_lazy("indicator", "Nine in ten are done within"),
        _("90th percentile of (done − taken over − pauses)"),
    ),
    _share(
        "contact_rate",
        VOICE,
        pgettext_lazy("indicator", "Contacted in time"),
        _("contacted in time ÷ to be contacted"),
        top=Mark.CONTACTED,
        bottom=Mark.TO_CONTACT,
        top_name=_("contacted in time"),
        bottom_name=_("to be contacted"),
    ),
    _share(
        "callback_rate",
        VOICE,
        pgettext_lazy("indicator", "Called back"),
        _("effective call-backs ÷ to be called back"),
        top=Mark.CALLED,
        bottom=Mark.TO_CALL,
        top_name=_effective,
        bottom_name=_("to be called back"),
        note=_("Effective: the reporter was reached, or answered by themselves."),
    ),
    _share(
        "solved_rate",
        VOICE,
        pgettext_lazy("indicator", "Solved"),
        _("solved ÷ effective call-backs"),
        top=Mark.SOLVED,
        bottom=Mark.CALLED,
        top_name=_("solved, as the reporter says"),
        bottom_name=_effective,
    ),
    _share(
        "satisfaction_rate",
        VOICE,
        pgettext_lazy("indicator", "Satisfied"),
        _("(satisfied + fairly satisfied) ÷ effective call-backs with a rating"),
        top=Mark.SATISFIED,
        bottom=Mark.RATED,
        top_name=_("satisfied or fairly satisfied"),
        bottom_name=_("effective call-backs with a rating"),
        note=_("Who gives no rating is left out, and never counts as satisfied."),
    ),
    _share(
        "rework_rate",
        QUALITY,
        pgettext_lazy("indicator", "Reworked"),
        _("ever sent back for rework ÷ reported as done"),
        top=Mark.REWORKED,
        bottom=Mark.RESOLVED,
        top_name=_("sent back for rework"),
        bottom_name=_resolved,
        better=LOWER,
    ),
    _share(
        "repeat_rate",
        QUALITY,
        pgettext_lazy("indicator", "Came again"),
        _("same place and matter again within 30 days ÷ closed"),
        top=Mark.AGAIN,
        bottom=Mark.ENDED,
        top_name=_("came again within 30 days"),
        bottom_name=_("closed"),
        better=LOWER,
        note=_("Same place: the same named place, the same spot to some fifty metres, or the same address."),
    ),
    _share(
        "check_rate",
        QUALITY,
        pgettext_lazy("indicator", "Checks passed"),
        _("checks passed ÷ (spot checks + re-checks)"),
        top=Mark.CHECK_HELD,
        bottom=Mark.CHECKED,
        top_name=_("checks passed"),
        bottom_name=_("spot checks and re-checks"),
        grain="transition",
        cohort=EVENT_DAY,
    ),
    _share(
        "dispatch_accuracy",
        QUALITY,
        pgettext_lazy("indicator", "Assigned to the right unit"),
        _("1 − returns that were upheld ÷ assignments"),
        top=Mark.WELL_ASSIGNED,
        bottom=Mark.ASSIGNED,
        top_name=_("assignments that stood"),
        bottom_name=_("assignments"),
        grain="transition",
        note=_(
            "Assignments of the cases due in the period. A return is upheld when another unit gets the case."
        ),
    ),
    _share(
        "filing_rate",
        INTAKE,
        pgettext_lazy("indicator", "Filed"),
        _("filed ÷ (reported − merged − withdrawn)"),
        top=Mark.ACCEPTED,
        bottom=Mark.ACCEPTABLE,
        top_name=_("filed, or handled on the spot"),
        bottom_name=_("reported, neither merged nor withdrawn"),
        grain="transition",
        cohort=REPORT_DAY,
        of_units=False,
    ),
    _count("reported", pgettext_lazy("count", "Reported"), _("reports that came in"), Mark.REPORTED),
    _count("filed", pgettext_lazy("count", "Cases filed"), _("cases filed by a desk"), Mark.FILED),
    _count(
        "closed",
        pgettext_lazy("count", "Cases closed"),
        _("closings, again after a re-opening"),
        Mark.CLOSED,
        of_units=True,
    ),
    _count("declined", pgettext_lazy("count", "Not accepted"), _("reports not accepted"), Mark.DECLINED),
    _count("merged", pgettext_lazy("count", "Merged"), _("reports merged into another case"), Mark.MERGED),
    _count("withdrawn", pgettext_lazy("count", "Withdrawn"), _("reports taken back"), Mark.WITHDRAWN),
    _count(
        "ordinary",
        pgettext_lazy("count", "Ordinary notices"),
        _("notices when a limit is used up, or by hand"),
        Mark.ORDINARY,
        of_units=True,
    ),
    _count(
        "yellow",
        pgettext_lazy("count", "Yellow notices"),
        _("notices at one and a half times a limit"),
        Mark.YELLOW,
        of_units=True,
    ),
    _count(
        "red",
        pgettext_lazy("count", "Red notices"),
        _("notices at twice a limit"),
        Mark.RED,
        of_units=True,
    ),
]

_NONE = Mark(0)
_STOCKS = [
    Indicator(
        code,
        name,
        formula,
        FLOW,
        top=_NONE,
        top_name=top_name,
        kind=STOCK,
        cohort=NIGHT,
        grain="night",
        better=better,
    )
    for code, name, formula, top_name, better in (
        (
            "open_at_end",
            pgettext_lazy("count", "Open at the end"),
            _("cases open when the last day ended"),
            _("open"),
            NEITHER,
        ),
        (
            "overdue_at_end",
            pgettext_lazy("count", "Overdue at the end"),
            _("of these, past the limit of their stage"),
            _("overdue"),
            LOWER,
        ),
    )
]

INDICATORS: dict[str, Indicator] = {indicator.code: indicator for indicator in [*_ALL, *_STOCKS]}
DEFAULT_WEIGHTS: dict[str, float] = {
    "in_time_rate": 30,
    "solved_rate": 20,
    "satisfaction_rate": 20,
    "rework_rate": 10,
    "repeat_rate": 10,
    "contact_rate": 10,
}


def definitions() -> list[dict[str, Any]]:
    """Every indicator in plain words, for the API and the help."""
    return [
        {
            "code": indicator.code,
            "name": str(indicator.name),
            "formula": str(indicator.formula),
            "numerator": str(indicator.top_name),
            "denominator": str(indicator.bottom_name),
            "cohort": str(indicator.cohort_name),
            "grain": indicator.grain,
            "unit": indicator.kind,
            "better": indicator.better,
            "beside": indicator.beside,
            "note": str(indicator.note),
            "version": VERSION,
        }
        for indicator in INDICATORS.values()
    ]
