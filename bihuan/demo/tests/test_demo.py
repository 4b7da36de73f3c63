"""The demo district is built by real actions, and its doors are closed elsewhere."""

from typing import Any

import pytest
from django.test import Client
from tqdm import tqdm

from bihuan.audit.queries import faults
from bihuan.cases.models import Case, Matter
from bihuan.demo import build
from bihuan.demo.cast import USERNAMES
from bihuan.territory.models import Area, Place

STORIES = range(48)


def test_the_district_is_as_the_page_says_and_its_cases_went_round(
    db: None, settings: Any, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with tqdm(disable=True) as bar:
        build.settle(bar)
    build.play_stories(STORIES, lambda _index: None)
    assert not caplog.records, "no story is stopped by the rules"

    kinds = {kind: Area.objects.filter(kind=kind).count() for kind in ("subdistrict", "community", "village")}
    assert kinds["subdistrict"] == 12
    assert kinds["community"] + kinds["village"] == 144
    assert Area.objects.filter(kind="grid", code__startswith="411602005").count() == 126
    assert Area.objects.get(name="庆丰社区").parent.name == "人和街街道"
    assert Area.objects.get(name="富民社区").parent.name == "小桥街街道"
    assert Place.objects.filter(kind="building", name__startswith="良苑小区").count() == 12
    assert Place.objects.filter(kind="household", name__startswith="良苑小区").count() == 312
    assert Matter.objects.choosable().count() == 60

    assert Case.objects.count() == len(STORIES)
    assert Case.objects.values("state").distinct().count() >= 3
    assert not list(faults())

    build.play_stories(STORIES, lambda _index: None)  # as after a kill
    assert Case.objects.count() == len(STORIES)

    settings.DEMO = True
    for username in USERNAMES:
        assert client.post(f"/demo/sign-in/{username}/").status_code == 302
        assert client.get("/me/").status_code == 200


@pytest.mark.parametrize("path", ["sign-in/clerk/", "tour/start/", "tour/go-on/", "tour/end/"])
def test_outside_the_demo_there_is_no_such_door(db: None, client: Client, path: str) -> None:
    assert client.post(f"/demo/{path}").status_code == 404
