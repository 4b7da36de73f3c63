"""Which notices of the loop may pass quiet hours."""

from typing import Any

import pytest

from bihuan.cases import actions
from bihuan.core.clock import now
from bihuan.core.personal import blind_index
from bihuan.notices.kinds import get
from bihuan.notices.models import Address, Delivery


@pytest.mark.parametrize(("urgency", "urgent"), [("critical", True), ("urgent", False), ("ordinary", False)])
def test_a_critical_case_for_ones_unit_is_urgent(
    make_case: Any, cast: Any, settings: Any, settle: Any, urgency: str, urgent: bool
) -> None:
    settings.EMAIL_IS_ON = True
    Address.objects.create(
        person=cast.handler,
        channel="email",
        value="a@b.cn",
        value_index=blind_index("a@b.cn"),
        confirmed_at=now(),
    )
    case = actions.file_case(make_case(), by=cast.clerk, matter=cast.pipes, urgency=urgency)
    actions.assign_case(case, by=cast.dispatcher, unit=cast.bureau)
    settle()
    assert Delivery.objects.get(channel="email", notice__recipient=cast.handler).urgent is urgent


@pytest.mark.parametrize("kind", ["case.red_noticed", "case.on_site_missed"])
def test_red_notices_and_missed_visits_are_urgent(kind: str) -> None:
    assert get(kind).urgent
