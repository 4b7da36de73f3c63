"""The verbs of supervision, of being on site and of writing to the reporter, once each."""

from typing import Any

from bihuan.cases import actions
from bihuan.cases.models import Case, Matter
from bihuan.cases.tests.verb import Verb


def critical_case(cast: Any, make: Any = None) -> Case:
    """A case in hand where somebody has to be on site within two hours."""
    from bihuan.cases.tests.factories import CaseMaker

    matter, _new = Matter.objects.get_or_create(code="02", name="燃气泄漏", urgency="critical")
    case: Case = (make or CaseMaker(cast))(at="handling", matter=matter)
    return case


def _supervised(case: Case, cast: Any) -> Case:
    return actions.supervise_case(case, by=cast.supervisor, level="ordinary", words="请于周五前修复。")


VERBS = {
    "take_back_verification": Verb(
        "verifying",
        "clerk",
        "reported",
        lambda case, by, cast, photos: actions.take_back_verification(case, by=by, note="电话已问清"),
    ),
    "arrive": Verb(
        "handling",
        "handler",
        "handling",
        lambda case, by, cast, photos: actions.arrive_on_site(case, by=by),
        before=lambda case, cast: critical_case(cast),
    ),
    "contact": Verb(
        "handling",
        "clerk",
        "handling",
        lambda case, by, cast, photos: actions.contact_reporters(case, by=by, words="下午四点前来水。"),
    ),
    "supervise": Verb(
        "handling",
        "supervisor",
        "handling",
        lambda case, by, cast, photos: actions.supervise_case(
            case, by=by, level="ordinary", words="请于周五前修复。"
        ),
    ),
    "answer_supervision": Verb(
        "handling",
        "handler",
        "handling",
        lambda case, by, cast, photos: actions.answer_supervision(case, by=by, words="配件周四到。"),
        before=_supervised,
    ),
}
