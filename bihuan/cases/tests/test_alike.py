"""Which open cases are proposed as the same problem, why, and at what cost."""

from datetime import timedelta

import pytest
from django.test.utils import CaptureQueriesContext

from bihuan.cases import actions
from bihuan.cases.models import Case
from bihuan.cases.queries.alike import alike_cases
from bihuan.cases.tests.browsing import multiply
from bihuan.core.clock import now, travel
from bihuan.territory.tests.factories import make_place

pytestmark = pytest.mark.usefixtures("at_nine")
WORDS = "三号楼前自来水管爆裂，水流到路上，居民出行不便。"
ALSO = "三号楼旁边水管爆裂，路上都是水，请尽快维修。"
OTHER = "小区路灯不亮，晚上看不清楚。"


@pytest.fixture
def report(make_case):
    """`report(words)`: a new case; `north`: metres away from the others."""

    def send(words=WORDS, *, north=0, **fields):
        lon, lat = make_case.cast.places.inside
        where = {"lon": lon, "lat": lat + north / 111_320} | fields
        return make_case.report(words=words, **where).case

    return send


def proposed(case, person):
    return {one.case.pk: [str(reason) for reason in one.reasons] for one in alike_cases(case, person)}


def test_the_same_words_at_the_same_spot_come_first(report, cast):
    near, far, other = report(ALSO, north=120), report(ALSO), report(OTHER)
    case = report()
    assert list(proposed(case, cast.clerk).items()) == [
        (far.pk, ["same spot", "similar words"]),
        (near.pk, ["120 m away", "similar words"]),
    ]
    assert other.pk not in proposed(case, cast.clerk)


def test_a_place_counts_without_a_point(report, cast, places):
    place = make_place("良苑小区", area=places.community)
    first = report(ALSO, place=place, lon=None, lat=None)
    case = report(place=place, lon=None, lat=None)
    assert proposed(case, cast.clerk) == {first.pk: ["same place", "similar words"]}


def test_elsewhere_in_the_community_it_takes_more_words(report, cast):
    similar = report(WORDS.replace("三号楼", "九号楼"), north=900)
    report(OTHER + "三号楼。", north=900)
    assert proposed(report(), cast.clerk) == {similar.pk: ["similar words"]}


def test_a_matter_that_the_words_speak_of_counts(report, cast):
    cast.pipes.keywords = "水管 漏水"
    cast.pipes.save(update_fields=["keywords"])
    filed = actions.file_case(report("路口往北一直往外冒水。"), by=cast.clerk, matter=cast.pipes)
    assert proposed(report(), cast.clerk) == {filed.pk: ["same spot", "same matter"]}


def test_only_open_cases_of_the_last_weeks_that_one_may_see(report, cast, make_case):
    declined = actions.decline_case(report(ALSO), by=cast.clerk, reason="absent", note="未发现")
    with travel(now() - timedelta(days=61)):
        report(ALSO)
    case = report()
    assert proposed(case, cast.clerk) == {}
    other = report(ALSO)
    assert list(proposed(case, cast.clerk)) == [other.pk]
    assert proposed(case, cast.stranger) == proposed(case, cast.resident) == {}
    assert declined.pk != other.pk


def test_five_at_most(report, cast):
    for _number in range(8):
        report(ALSO)
    assert len(proposed(report(), cast.clerk)) == 5


def test_it_takes_two_queries_for_ten_cases_as_for_a_thousand(report, cast, django_assert_num_queries):
    case = report()
    report(ALSO)
    cast.clerk.duties_now()
    with django_assert_num_queries(2):
        alike_cases(case, cast.clerk)
    multiply(case, 1_000)
    with django_assert_num_queries(2):
        assert len(alike_cases(case, cast.clerk)) == 5


def test_what_is_near_by_comes_from_the_index(report, cast):
    from django.db import connection

    case = report()
    multiply(case, 2_000)
    Case.objects.exclude(pk=case.pk).update(lon=114.9, lat=33.9)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_case")
    with CaptureQueriesContext(connection) as queries:
        alike_cases(case, cast.clerk)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + queries[0]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "cases_case_open_near" in plan
