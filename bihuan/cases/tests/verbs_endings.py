"""The verbs of merging, of the backlog and of appeals, once each."""

from typing import Any

from bihuan.cases import actions
from bihuan.cases.models import Case
from bihuan.cases.tests.verb import Verb


def other_case(case: Case) -> Case:
    """An open case beside this one; where there is none, the case itself."""
    return Case.objects.open().exclude(pk=case.pk).order_by("-pk").first() or case


def _report_another(case: Case, cast: Any) -> Case:
    from bihuan.cases.tests.factories import CaseMaker

    CaseMaker(cast).report(words="三号楼水管漏水，水流到路上。")
    return case


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
}
