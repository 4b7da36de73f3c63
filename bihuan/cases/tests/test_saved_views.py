"""Saved views: one's own, shared ones, and that a shared question gives everybody their own answer."""

import pytest
from django.urls import reverse

from bihuan.accounts.tests.factories import make_person
from bihuan.audit.queries import entries_about, faults
from bihuan.cases import actions, queries
from bihuan.cases.models import SavedView
from bihuan.cases.tests.browsing import client_of

pytestmark = pytest.mark.django_db


def names(person):
    person.forget_duties()
    return [view.name for view in queries.views_of(person)]


def test_a_view_is_saved_from_the_list_and_opened_there(cast, make_case):
    case = make_case(at="filed")
    make_case(at="handling")
    client = client_of(cast.clerk)
    page = client.get("/cases/?state=filed&nonsense=1").content.decode()
    assert "/views/save/?query=state%3Dfiled" in page

    form = client.get("/views/save/?query=state%3Dfiled").content.decode()
    assert "awaiting assignment" in form and "audience" not in form
    response = client.post("/views/save/", {"query": "state=filed&cursor=x&nonsense=1", "name": " 待交办 "})
    assert response["Location"] == "/cases/?state=filed"

    view = SavedView.objects.get()
    assert (view.name, view.query, view.owner) == ("待交办", "state=filed", cast.clerk)
    page = client.get(response["Location"])
    assert [row.number for row in page.context["page"]] == [case.number]
    assert 'aria-current="page"><svg' in page.content.decode()
    assert "待交办" in client.get("/desk/").content.decode()
    assert entries_about(view).get().verb == "view.saved"
    assert list(faults()) == []


def test_a_shared_view_shows_each_what_is_theirs(cast, make_case):
    mine = make_case(at="filed")
    far = make_case.report(lon=cast.places.elsewhere[0], lat=cast.places.elsewhere[1]).case
    view = actions.save_view("全部", by=cast.district_dispatcher, query="", area=cast.places.district)
    for person, seen in ((cast.clerk, {mine.number}), (cast.leader, {mine.number, far.number})):
        assert names(person) == ["全部"]
        page = client_of(person).get(f"/cases/?{view.query}")
        assert {row.number for row in page.context["page"]} == seen


def test_it_is_seen_by_those_it_is_shared_with_and_nobody_else(cast):
    actions.save_view("街道", by=cast.dispatcher, query="", area=cast.places.street)
    actions.save_view("承办", by=cast.district_dispatcher, query="", unit=cast.bureau)
    actions.save_view("自己", by=cast.dispatcher, query="")
    seen = {name: names(person) for name, person in vars(cast).items() if hasattr(person, "duties_now")}
    assert {name for name, found in seen.items() if "街道" in found} == {
        "grid_worker", "clerk", "dispatcher", "inspector",
    }  # fmt: skip
    assert {name for name, found in seen.items() if "承办" in found} == {"handler", "district_dispatcher"}
    assert seen["dispatcher"] == ["街道", "自己"]


@pytest.mark.parametrize("who", ["clerk", "handler", "inspector", "leader", "administrator"])
def test_only_a_dispatcher_shares_and_only_with_their_own(cast, refused, who):
    code = "view.not_your_work" if who == "administrator" else "view.not_your_desk"
    with refused(code):
        actions.save_view("x", by=getattr(cast, who), query="", area=cast.places.street)
    for audience in ({"area": cast.places.other}, {"area": cast.places.district}, {"unit": cast.bureau}):
        with refused("view.not_your_desk"):
            actions.save_view("x", by=cast.dispatcher, query="", **audience)
    actions.save_view("x", by=cast.dispatcher, query="", unit=cast.office)
    assert SavedView.objects.count() == 1


def test_a_name_serves_once_and_there_are_at_most_thirty(cast, refused):
    actions.save_view("a", by=cast.clerk, query="")
    with refused("view.name_taken"):
        actions.save_view(" a ", by=cast.clerk, query="")
    actions.save_view("a", by=cast.inspector, query="")
    for number in range(29):
        actions.save_view(f"{number}", by=cast.clerk, query="")
    with refused("view.too_many"):
        actions.save_view("one more", by=cast.clerk, query="")


def test_renaming_sharing_and_taking_it_back(cast, refused):
    view = actions.save_view("a", by=cast.dispatcher, query="state=filed")
    view = actions.change_view(view, by=cast.dispatcher, name="b", area=cast.places.street)
    assert names(cast.clerk) == ["b"]
    with refused("view.not_yours"):
        actions.change_view(view, by=cast.clerk, name="c")
    other = make_person("另一调度员", duties=[("dispatcher", cast.places.street)])
    actions.change_view(view, by=other, name="c", area=cast.places.street)
    with refused("view.not_your_desk"):
        actions.change_view(view, by=cast.dispatcher, name="c", area=cast.places.other)
    actions.change_view(view, by=cast.dispatcher, name="c")
    assert names(cast.clerk) == []
    with refused("view.not_yours"):
        actions.change_view(view, by=other, name="d")


def test_deleting(cast, refused):
    view = actions.save_view("a", by=cast.dispatcher, query="", area=cast.places.street)
    with refused("view.not_yours"):
        actions.delete_view(view, by=cast.clerk)
    assert client_of(cast.clerk).post(reverse("cases:delete_view", args=[view.pk])).status_code == 409
    assert client_of(cast.stranger).post(reverse("cases:delete_view", args=[view.pk])).status_code == 404
    assert client_of(cast.dispatcher).post(reverse("cases:delete_view", args=[view.pk])).status_code == 302
    assert names(cast.clerk) == []


def test_putting_them_in_order(cast, refused):
    views = [actions.save_view(name, by=cast.clerk, query="") for name in "abc"]
    actions.move_view(views[2], by=cast.clerk, up=True)
    assert names(cast.clerk) == ["a", "c", "b"]
    client_of(cast.clerk).post(reverse("cases:move_view", args=[views[0].pk]), {"to": "down"})
    assert names(cast.clerk) == ["c", "a", "b"]
    actions.move_view(views[2], by=cast.clerk, up=True)
    assert names(cast.clerk) == ["c", "a", "b"], "the first stays first"
    with refused("view.not_yours"):
        actions.move_view(views[0], by=cast.inspector, up=True)


@pytest.mark.parametrize("verb", ["save", "change", "delete", "move"])
def test_a_failure_half_way_leaves_nothing(cast, breaking_record, verb):
    views = [actions.save_view(name, by=cast.clerk, query="") for name in "ab"]
    before = list(SavedView.objects.order_by("pk").values_list())
    broken = breaking_record("bihuan.cases.actions.saving")
    calls = {
        "save": lambda: actions.save_view("c", by=cast.clerk, query=""),
        "change": lambda: actions.change_view(views[0], by=cast.clerk, name="c"),
        "delete": lambda: actions.delete_view(views[0], by=cast.clerk),
        "move": lambda: actions.move_view(views[0], by=cast.clerk, up=False),
    }
    with pytest.raises(broken):
        calls[verb]()
    assert list(SavedView.objects.order_by("pk").values_list()) == before


def test_a_dispatcher_is_asked_whom_it_is_for(cast):
    client = client_of(cast.dispatcher)
    page = client.get("/views/save/?query=").content.decode()
    assert f"area-{cast.places.street.pk}" in page and f"unit-{cast.office.pk}" in page
    assert f"unit-{cast.bureau.pk}" not in page
    audience = f"unit-{cast.office.pk}"
    client.post("/views/save/", {"query": "", "name": "a", "audience": audience})
    view = SavedView.objects.get()
    assert view.unit == cast.office
    assert "selected" in client.get(reverse("cases:change_view", args=[view.pk])).content.decode()
    wrong = client.post("/views/save/", {"query": "", "name": "b", "audience": f"unit-{cast.bureau.pk}"})
    assert wrong.status_code == 422


def test_views_cost_one_query(cast, django_assert_num_queries):
    for number in range(20):
        actions.save_view(str(number), by=cast.dispatcher, query="", area=cast.places.street)
    cast.clerk.duties_now()
    with django_assert_num_queries(1):
        assert len([view.owner.label for view in queries.views_of(cast.clerk)]) == 20
