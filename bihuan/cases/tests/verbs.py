"""Every verb of the loop once: from which state, by whom, with which arguments."""

from datetime import timedelta
from typing import Any

from bihuan.cases import actions
from bihuan.cases.models import Case
from bihuan.cases.tests import verbs_endings, verbs_joint, verbs_rechecks, verbs_supervision
from bihuan.cases.tests.verb import Verb, report_of
from bihuan.core.clock import today


def _own_report(case: Case, by: Any, cast: Any) -> Any:
    return report_of(case) if by == cast.resident else None


def _ask(case: Case, by: Any) -> Case:
    return actions.ask_extension(case, by=by, seconds=3_600, reason="等待配件")


# `report` starts without a case; test_intake.py has it.
VERBS = {
    "self_handle": Verb(
        "reported",
        "grid_worker",
        "self_handled",
        lambda case, by, cast, photos: actions.self_handle_case(
            case, by=by, matter=cast.litter, note="已清扫", photos=photos
        ),
    ),
    "spot_check": Verb(
        "self_handled",
        "inspector",
        "closed",
        lambda case, by, cast, photos: actions.spot_check_case(case, by=by, passed=True),
    ),
    "withdraw": Verb(
        "reported",
        "resident",
        "withdrawn",
        lambda case, by, cast, photos: actions.withdraw_case(case, by=by, report=_own_report(case, by, cast)),
    ),
    "send_to_verify": Verb(
        "reported",
        "clerk",
        "verifying",
        lambda case, by, cast, photos: actions.send_to_verify(case, by=by, question="在几号楼？"),
    ),
    "verify": Verb(
        "verifying",
        "grid_worker",
        "reported",
        lambda case, by, cast, photos: actions.verify_case(
            case, by=by, finding="exists", note="在三号楼", photos=photos
        ),
    ),
    "decline": Verb(
        "reported",
        "clerk",
        "declined",
        lambda case, by, cast, photos: actions.decline_case(
            case, by=by, reason="elsewhere", note="由水务公司负责", turn_to="96390"
        ),
    ),
    "file": Verb(
        "reported",
        "clerk",
        "filed",
        lambda case, by, cast, photos: actions.file_case(case, by=by, matter=cast.pipes, note="请尽快"),
    ),
    "assign": Verb(
        "filed",
        "dispatcher",
        "assigned",
        lambda case, by, cast, photos: actions.assign_case(case, by=by, unit=cast.bureau, note="请处理"),
    ),
    "acknowledge": Verb(
        "assigned",
        "handler",
        "handling",
        lambda case, by, cast, photos: actions.acknowledge_case(case, by=by),
    ),
    "return": Verb(
        "assigned",
        "handler",
        "filed",
        lambda case, by, cast, photos: actions.return_case(
            case, by=by, right_unit=cast.works, reason="属于住建局"
        ),
    ),
    "ask_extension": Verb("handling", "handler", "handling", lambda case, by, cast, photos: _ask(case, by)),
    "decide_extension": Verb(
        "handling",
        "dispatcher",
        "handling",
        lambda case, by, cast, photos: actions.decide_extension(case, by=by, granted=True, note="同意"),
        before=lambda case, cast: _ask(case, cast.handler),
    ),
    "suspend": Verb(
        "handling",
        "dispatcher",
        "suspended",
        lambda case, by, cast, photos: actions.suspend_case(
            case, by=by, reason="等待配件", resume_on=today() + timedelta(days=5)
        ),
    ),
    "resume": Verb(
        "suspended",
        "dispatcher",
        "handling",
        lambda case, by, cast, photos: actions.resume_case(case, by=by, note="配件已到"),
    ),
    "resolve": Verb(
        "handling",
        "handler",
        "resolved",
        lambda case, by, cast, photos: actions.resolve_case(case, by=by, note="已修复", photos=photos),
    ),
    "inspect": Verb(
        "resolved",
        "inspector",
        "inspected",
        lambda case, by, cast, photos: actions.inspect_case(case, by=by, reply="已修复。", note="现场看过"),
    ),
    "rework": Verb(
        "resolved",
        "inspector",
        "handling",
        lambda case, by, cast, photos: actions.rework_case(case, by=by, reason="仍在漏水"),
    ),
    "call_back": Verb(
        "inspected",
        "clerk",
        "closed",
        lambda case, by, cast, photos: actions.call_back_case(
            case, by=by, answered=True, solved=True, satisfaction="satisfied", note="很快"
        ),
        consenting=True,
    ),
    "close": Verb(
        "inspected",
        "inspector",
        "closed",
        lambda case, by, cast, photos: actions.close_case(case, by=by, reply="已修复，感谢反映。"),
    ),
    "answer": Verb(
        "inspected",
        "resident",
        "closed",
        lambda case, by, cast, photos: actions.answer_report(
            report_of(case), by=by, solved=True, satisfaction="satisfied", comment="谢谢"
        ),
    ),
}

VERBS |= verbs_endings.VERBS | verbs_supervision.VERBS
VERBS |= verbs_joint.VERBS
VERBS |= verbs_rechecks.VERBS


def ready(verb: Verb, make_case: Any) -> Case:
    """A case for which this verb is due."""
    case: Case = make_case(at=verb.at, consenting=verb.consenting)
    return verb.before(case, make_case.cast)
