"""The daily summaries add up to the total, whatever happens and whenever a worker comes by."""

import random
from datetime import time, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.core.clock import local, now, travel
from bihuan.core.verdicts import Refusal
from bihuan.ledgers import actions as ledgers
from bihuan.ledgers import figures
from bihuan.ledgers.models import Passage
from bihuan.ledgers.tests.test_figures import EASY, act
from bihuan.reports import actions
from bihuan.reports.models import Report
from bihuan.reports.tests.conftest import again, rows, said

pytestmark = pytest.mark.usefixtures("at_nine")


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_summaries_add_up_and_tell_each_change_once(seed, make_item, make_campaign, cast, force):
    random_ = random.Random(seed)
    campaign = make_campaign(definition=EASY, summary_at=time(18, 30))
    items = [make_item(campaign=campaign) for _ in range(2)]
    start = local(now()).replace(hour=10)
    for day in range(5):
        for hour in (0, 3, 7, 10, 12):  # two of them after the hour of the summary
            with travel(start + timedelta(days=day, hours=hour)):
                try:
                    act(random_, items, campaign, make_item, cast, force)
                except Refusal:
                    continue
            if random_.random() < 0.3:
                with travel(start + timedelta(days=day, hours=hour, minutes=5)):
                    actions.make_due_reports()
    with travel(start + timedelta(days=5, hours=9)):
        actions.make_due_reports()
        ledgers.correct_item(
            again(items[0]), by=cast.clerk, answers={"plots": [{"size": "7"}]}, reason="复量"
        ) if again(items[0]).state != "dropped" else None
    with travel(start + timedelta(days=6, hours=9)):
        actions.make_due_reports()
        last = now()
    reports = list(Report.objects.filter(campaign=campaign, document="day").order_by("ends"))
    assert [one.ends for one in reports] == [(start + timedelta(days=day)).date() for day in range(7)]
    told = figures.sums_at(campaign, local(last).date())
    for figure in ("sites", "area"):
        total = sum((sum_ for (code, *_rest), sum_ in told.items() if code == figure), Decimal(0))
        changes = [
            one.change for report in reports for one in said(report).parts[0].figures if one.code == figure
        ]
        assert sum(changes, Decimal(0)) == total, (seed, figure)
        assert said(reports[-1]).parts[0].figures[0].code == "sites"
    steps = sum(1 for report in reports for one in rows(report, "changes") if one["before"] is not None)
    passed = Passage.objects.filter(item__campaign=campaign, left_at__isnull=False, inherited=False)
    assert steps == passed.count(), seed
    for earlier, later in pairwise(reports):
        assert later.since == earlier.until
