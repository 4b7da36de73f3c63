"""Spot checks 抽查: each matter's share, drawn so that nobody can foresee it."""

from random import Random

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from bihuan.audit.queries import entries_about
from bihuan.cases import actions
from bihuan.cases.background.drawing import draw_spot_check
from bihuan.cases.models import Matter
from bihuan.cases.tests.browsing import client_of
from bihuan.cases.tests.test_catalogue_book import book, faults, plan_of

HEAD = ["编码", "事项", "可即办", "抽查比例"]


def share(cast, percent):
    Matter.objects.filter(pk=cast.litter.pk).update(spot_check_share=percent)
    cast.litter.refresh_from_db()


def settled(make_case):
    return make_case(at="self_handled")


def is_drawn(case):
    draw_spot_check(entries_about(case).get(verb="case.self_handled"))
    case.refresh_from_db()
    return case.state == "self_handled"


def test_with_a_share_of_a_hundred_every_case_is_looked_at(make_case, cast):
    share(cast, 100)
    assert all(is_drawn(settled(make_case)) for _ in range(20))


def test_the_lot_falls_as_often_as_the_share_says(make_case, cast, monkeypatch):
    monkeypatch.setattr("secrets.randbelow", Random(1).randrange)
    share(cast, 5)
    case = settled(make_case)
    entry = entries_about(case).get(verb="case.self_handled")
    closed = []
    monkeypatch.setattr(actions, "close_undrawn_case", closed.append)
    for _ in range(4_000):
        draw_spot_check(entry)
    assert 150 <= 4_000 - len(closed) <= 250


def test_nothing_tells_before_the_lot_falls(make_case, cast, settle):
    """Case, record and page of one that will be drawn and of one that will not are the same until then."""
    pages, rows, stories = [], [], []
    for percent in (5, 100):
        share(cast, percent)
        case = settled(make_case)
        page = client_of(cast.grid_worker).get(reverse("cases:show", args=[case.number])).text
        pages.append("spot" in page.lower())
        rows.append({k: v for k, v in vars(case).items() if k in ("state", "step", "handlers", "unit_id")})
        stories.append([entry.verb for entry in entries_about(case)])
    assert pages[0] == pages[1]
    assert rows[0] == rows[1]
    assert stories[0] == stories[1] == ["case.reported", "case.self_handled"]


@pytest.mark.parametrize("percent", [0, 4, 101])
def test_less_than_five_in_a_hundred_cannot_be_kept(cast, percent):
    with pytest.raises(ValidationError):
        actions.revise_matter(cast.litter, by=cast.administrator, spot_check_share=percent)
    with pytest.raises(IntegrityError), transaction.atomic():
        share(cast, percent)


def test_the_administrator_sets_the_share_and_it_is_on_record(cast):
    url = reverse("cases:revise_matter", args=[cast.litter.pk])
    form = {
        "name": cast.litter.name,
        "code": cast.litter.code,
        "parent": cast.group.pk,
        "urgency": "ordinary",
    }
    client = client_of(cast.administrator)
    assert client.post(url, {**form, "spot_check_share": "3"}).status_code == 422
    assert client.post(url, {**form, "self_handled": "on", "spot_check_share": "25"}).status_code == 302
    cast.litter.refresh_from_db()
    assert cast.litter.spot_check_share == 25
    changed = entries_about(cast.litter).filter(verb="matter.revised").last().data["changed"]
    assert changed["spot_check_share"] == [10, 25]
    assert client.post(url, form).status_code == 302, "left empty, it stays as it is"
    cast.litter.refresh_from_db()
    assert cast.litter.spot_check_share == 25
    assert "25 % spot-checked" not in client.get(reverse("cases:matter", args=[cast.litter.pk])).text


@pytest.mark.parametrize(
    ("cell", "read"), [("20", 20), ("20%", 20), (0.2, 20), ("", 10), (100, 100), (1, 100)]
)
def test_the_workbook_reads_a_share_however_it_is_written(cast, cell, read):
    plan = plan_of(book(HEAD, ["09.01", "小广告", "是", cell]))
    assert not plan.faults
    assert next(iter(plan.in_order())).values["spot_check_share"] == read


@pytest.mark.parametrize("cell", ["3", "120", "多数", "-10"])
def test_a_share_that_cannot_be_is_a_fault_of_its_row(cast, cell):
    ((row, field, problem, _remedy),) = faults(book(HEAD, ["09.01", "小广告", "是", cell]))
    assert (row, field) == (2, "抽查比例")
    assert cell in problem
