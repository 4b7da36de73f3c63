"""The demo's campaigns come to the numbers of the page, through every gate and rule."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Max
from tqdm import tqdm

from bihuan.audit.queries import faults
from bihuan.core.clock import now, today
from bihuan.demo import build
from bihuan.demo.campaigns import CHAPTERS, play_campaigns, shares, spring
from bihuan.demo.campaigns.relocation import NAME as RELOCATION
from bihuan.demo.campaigns.relocation import SIGNED
from bihuan.ledgers.figures import recount, sums_at, value_at, values_at
from bihuan.ledgers.models import Campaign, CampaignState, Item, ItemState, Reckoning
from bihuan.ledgers.templates_shipped import shipped
from bihuan.reports.documents import from_json
from bihuan.reports.models import Report

# Marked, or no test database is made; and all for one worker, so that the district is built once.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo campaigns")]


@pytest.fixture(scope="module")
def built(django_db_setup: Any, django_db_blocker: Any) -> Iterator[None]:
    """The district with all its campaigns, built once."""
    with django_db_blocker.unblock(), transaction.atomic():
        with tqdm(disable=True) as bar:
            build.settle(bar)
        play_campaigns(range(len(CHAPTERS)), lambda _index: None)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def district(built: None) -> None:
    """Every test here is about the one district."""


def figures_of(name: str) -> dict[str, int]:
    campaign = Campaign.objects.get(name=name)
    return {
        one.code: round(value_at(campaign, one.code, today())) for one in campaign.edition.definition.figures
    }


def by_team(name: str, figure: str) -> list[int]:
    campaign = Campaign.objects.get(name=name)
    return sorted(map(round, values_at(campaign, figure, today(), by=("team",)).values()))


def test_every_shipped_ledger_has_its_campaign_and_some_of_them_run() -> None:
    at_work = set(Campaign.objects.values_list("edition__ledger__code", flat=True))
    assert at_work == {one.code for one in shipped()}
    states = set(Campaign.objects.values_list("state", flat=True))
    assert states == {CampaignState.RUNNING, CampaignState.FINISHED}


def test_nine_teams_cleared_eighteen_plots_with_82_person_times_and_replanted_500_square_metres() -> None:
    name = "人和街小菜园清理"
    found = figures_of(name)
    assert found["plots"] == found["accepted"] == 18
    assert by_team(name, "plots") == [2] * 9
    assert found["person_times"] == 82
    assert by_team(name, "person_times") == [9] * 8 + [10]
    assert found["replanted_area"] == 500
    greens = Item.objects.filter(campaign__name=name).values_list("answers__replanted", flat=True)
    assert sorted(map(int, greens)) == [27] * 4 + [28] * 14
    assert found["refused"] and found["unable"]
    assert found["self"] + found["refused"] + found["unable"] == 18


def test_liangyuan_has_12_buildings_312_households_and_233_ports() -> None:
    name = "良苑小区飞线充电整治"
    found = figures_of(name)
    assert found["buildings"] == found["accepted"] == found["in_use"] == 12
    assert found["homes_seen"] == 312
    assert found["ports_installed"] == found["ports_planned"] == 233
    items = Item.objects.filter(campaign__name=name)
    assert sorted(items.values_list("answers__ports", flat=True)) == [19] * 7 + [20] * 5
    assert {len(homes) for homes in items.values_list("answers__homes", flat=True)} == {26}


def test_relocation_signs_110_households_17_of_them_split_in_the_series_of_the_page() -> None:
    campaign = Campaign.objects.get(name=RELOCATION)
    first = campaign.starts_on
    assert (first, campaign.ends_on) == (spring(), date(first.year, 3, 5))
    assert value_at(campaign, "households", today()) == 110
    assert value_at(campaign, "households", today(), parts=False) == 93
    assert Item.objects.filter(campaign=campaign, parent__isnull=False).count() == 17

    days = [first + timedelta(days=number) for number in range(14)]
    totals = [value_at(campaign, "signed", day) for day in days]
    before = [0, *totals]
    assert [after - earlier for earlier, after in zip(before, totals, strict=False)] == SIGNED
    assert sum(SIGNED) == 110

    reckonings = Reckoning.objects.filter(item__campaign=campaign)
    assert reckonings.count() == reckonings.exclude(locked_at=None).count() == 110


def test_the_fourteen_daily_summaries_of_relocation_say_the_series() -> None:
    campaign = Campaign.objects.get(name=RELOCATION)
    evenings = list(Report.objects.filter(campaign=campaign, kind="daily").order_by("ends"))
    first = campaign.starts_on
    assert [one.ends for one in evenings] == [first + timedelta(days=number) for number in range(14)]
    assert [one.made_at.date() for one in evenings] == [one.ends for one in evenings]
    said = [_figure(one, "signed") for one in evenings]
    assert [change for change, _total in said] == SIGNED
    assert [total for _change, total in said] == [sum(SIGNED[: number + 1]) for number in range(14)]
    assert Report.objects.filter(campaign=campaign, kind="final").count() == 1
    for one in evenings:
        assert "号院" not in str(one.content), "no household stands in a report"


def _figure(report: Report, code: str) -> tuple[int, int]:
    """By how much a frozen report says a figure changed, and what it came to."""
    figures = from_json(report.content).parts[0].figures
    found = next(one for one in figures if one.code == code)
    assert found.change is not None or found.value == 0
    return round(Decimal(found.change or 0)), round(Decimal(found.value or 0))


def test_something_is_to_be_done_blocked_and_overdue_now() -> None:
    open_ones = Item.objects.filter(campaign__state=CampaignState.RUNNING, state=ItemState.OPEN)
    assert open_ones.filter(blocked_at__isnull=False).exists()
    assert open_ones.filter(overdue_at__isnull=False).exists()
    for username in ("grid_worker", "community_worker"):
        assert open_ones.filter(responsible__username=username).exists()
    waiting = open_ones.filter(campaign__name="小桥街小菜园回头看", step_code="persuade")
    assert waiting.filter(answers__outcome="refused").exists(), "somebody's name is waited for"


def test_figures_hold_against_history_and_nothing_is_amiss() -> None:
    for campaign in Campaign.objects.order_by("pk"):
        assert recount(campaign, now()) == sums_at(campaign, today()), campaign.name
    assert not list(faults())
    latest = Campaign.objects.aggregate(latest=Max("all_items__changed_at"))["latest"]
    assert latest <= now()


def test_played_again_nothing_is_added_and_every_process_has_its_share() -> None:
    items, reports = Item.objects.count(), Report.objects.count()
    play_campaigns(range(len(CHAPTERS)), lambda _index: None)
    assert (Item.objects.count(), Report.objects.count()) == (items, reports)
    for processes in (1, 2, 4):
        assert sorted(one for share in shares(processes) for one in share) == list(range(len(CHAPTERS)))
