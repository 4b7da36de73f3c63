"""The verbs of merging, of the backlog and of appeals, once each."""

from typing import Any

from bihuan.cases import actions
from bihuan.cases.models import Appeal, Case
from bihuan.cases.tests.verb import Verb, report_of


def other_case(case: Case) -> Case:
    """An open case beside this one; where there is none, the case itself."""
    return Case.objects.open().exclude(pk=case.pk).order_by("-pk").first() or case


def _report_another(case: Case, cast: Any) -> Case:
    from bihuan.cases.tests.factories import CaseMaker

    CaseMaker(cast).report(words="三号楼水管漏水，水流到路上。")
    return case


def _not_solved_twice(case: Case, cast: Any) -> Case:
    """Re-opened once, closed again: what is left to its reporter is an appeal."""
    from bihuan.cases.tests.factories import CaseMaker

    maker = CaseMaker(cast)
    case = actions.answer_report(case.reports.get(), by=cast.resident, solved=False)
    for step in ("resolve", "inspect", "close"):
        case = getattr(maker, step)(case, cast.pipes)
    return case


def _appealed(case: Case, cast: Any) -> Case:
    return actions.appeal_case(case, by=cast.handler, against="lateness", reason="等待自来水公司停水。")


def open_appeal(case: Case) -> Any:
    """The appeal that waits for a decision; where none does, one that nobody has asked."""
    return case.appeals.filter(state="asked").first() or Appeal(pk=0)


VERBS = {
    "merge": Verb(
        "reported",
        "clerk",
        "merged",
        lambda case, by, cast, photos: actions.merge_case(
            case, by=by, into=other_case(case), note="同一处漏水"
        ),
        before=_report_another,
    ),
    "unmerge": Verb(
        "merged",
        "clerk",
        "reported",
        lambda case, by, cast, photos: actions.unmerge_case(case, by=by, reason="是另一栋楼"),
    ),
    "backlog": Verb(
        "suspended",
        "district_dispatcher",
        "backlog",
        lambda case, by, cast, photos: actions.backlog_case(case, by=by, reason="等待管网改造"),
    ),
    "review_backlog": Verb(
        "backlog",
        "district_dispatcher",
        "handling",
        lambda case, by, cast, photos: actions.review_backlog(case, by=by, kept=False, reason="改造已完成"),
    ),
    "appeal": Verb(
        "closed",
        "resident",
        "closed",
        lambda case, by, cast, photos: actions.appeal_report(report_of(case), by=by, reason="水管仍在漏水。"),
        before=_not_solved_twice,
    ),
    "appeal_as_unit": Verb(
        "closed",
        "handler",
        "closed",
        lambda case, by, cast, photos: actions.appeal_case(
            case, by=by, against="lateness", reason="等待自来水公司停水。"
        ),
    ),
    "decide_appeal": Verb(
        "closed",
        "district_dispatcher",
        "closed",
        lambda case, by, cast, photos: actions.decide_appeal(
            case, by=by, appeal=open_appeal(case), upheld=False, ruling="停水已提前告知。"
        ),
        before=_appealed,
    ),
}
