"""Which notices of the loop may pass quiet hours."""

from collections.abc import Callable
from typing import Any

import pytest

from bihuan.accounts.models import User
from bihuan.cases import actions
from bihuan.cases.models import Task
from bihuan.cases.tests.verbs_joint import whistled
from bihuan.core.clock import now, travel
from bihuan.core.personal import blind_index
from bihuan.notices.kinds import get
from bihuan.notices.models import Address, Delivery


@pytest.fixture
def reads_mail(settings: Any) -> Callable[[User], None]:
    """`reads_mail(person)`: somebody with a confirmed e-mail address."""
    settings.EMAIL_IS_ON = True

    def confirm(person: User) -> None:
        value = f"{person.username}@b.cn"
        Address.objects.create(
            person=person, channel="email", value=value, value_index=blind_index(value), confirmed_at=now()
        )

    return confirm


def mailed(person: User) -> dict[str, bool]:
    """Which kinds were mailed to somebody, and whether each was urgent."""
    sent = Delivery.objects.filter(channel="email", notice__recipient=person).select_related("notice")
    return {delivery.notice.kind: delivery.urgent for delivery in sent}


@pytest.mark.parametrize(("urgency", "urgent"), [("critical", True), ("urgent", False), ("ordinary", False)])
def test_a_critical_case_for_ones_unit_is_urgent(
    make_case: Any, cast: Any, reads_mail: Any, settle: Any, urgency: str, urgent: bool
) -> None:
    for person in (cast.handler, cast.stranger):
        reads_mail(person)
    case = actions.file_case(make_case(), by=cast.clerk, matter=cast.pipes, urgency=urgency)
    actions.assign_case(
        case, by=cast.dispatcher, unit=cast.bureau, assisting=[Task(cast.works, "关闭阀门", None)]
    )
    settle()
    assert mailed(cast.handler) == {"case.to_acknowledge": urgent}
    assert mailed(cast.stranger) == {"case.to_assist": urgent}


@pytest.mark.parametrize("emergency", [True, False])
def test_a_whistle_in_an_emergency_is_urgent(
    make_case: Any, cast: Any, reads_mail: Any, settle: Any, emergency: bool
) -> None:
    reads_mail(cast.stranger)
    case = whistled(make_case(at="filed"), cast, emergency=emergency)
    with travel(case.whistles.get().calls.get(unit=cast.works).due_at):
        actions.take_due_assistance_steps()
    settle()
    assert mailed(cast.stranger) == dict.fromkeys(
        ("case.whistled", "case.whistle_reminded", "case.whistle_overdue"), emergency
    )


def test_a_red_notice_by_hand_is_urgent_as_one_by_the_clock_is(
    make_case: Any, cast: Any, reads_mail: Any, settle: Any
) -> None:
    reads_mail(cast.handler)
    case = make_case(at="handling")
    for level, urgent in (("ordinary", False), ("yellow", False), ("red", True)):
        case = actions.supervise_case(case, by=cast.supervisor, level=level, words="请立即处理。")
        settle()
        sent = Delivery.objects.filter(channel="email", notice__kind="case.supervised").latest("pk")
        assert sent.urgent is urgent


@pytest.mark.parametrize("kind", ["case.red_noticed", "case.on_site_missed"])
def test_red_notices_and_missed_visits_are_urgent(kind: str) -> None:
    assert get(kind).urgent
