"""The table in tests/matrix.py is what the site does, line by line."""

import copy
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from bihuan.audit.models import Entry
from bihuan.cases.views.acting import ACTS
from tests.matrix import CAST, OPEN, TABLE, as_line, lines
from tests.world import World, make_world


@pytest.fixture
def world(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    """The things in it, and a site that is quick to say no: the pages for that are read in tests/journeys."""
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if "WhiteNoise" not in name
    ]  # serves no route
    monkeypatch.setattr(
        "bihuan.config.urls.handler404", lambda *_, **__: HttpResponse(status=404), raising=False
    )
    monkeypatch.setattr("bihuan.core.middleware.render", lambda *_, **__: HttpResponse(status=409))
    return make_world()


# -- asking -----------------------------------------------------------------------------------------------


def routes() -> Iterator[str]:
    """The name of every route."""

    def walk(patterns: Any, space: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield f"{space}{pattern.name}"
            elif pattern.namespace != "v1":  # for programs; tests/test_matrix_api.py
                yield from walk(
                    pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space
                )

    return walk(get_resolver().url_patterns, "")


class Asker:
    """Asks as each of the cast; whatever a request changes is taken back after it."""

    def __init__(self, world: World):
        self.world = world
        self.client = Client()
        self.cookies = {name: self._signed_in(name) for name in CAST}

    def _signed_in(self, name: str) -> Any:
        client = Client()
        if name != "visitor":
            person = getattr(self.world.cast, name)
            client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client.cookies

    def ask(self, who: str, method: str, key: str, *, path: str = "") -> Any:
        name = key.partition(" ")[0]
        path = path or self.world.path(key)
        form = {"csrfmiddlewaretoken": "-"} | self.world.forms.get(name, {}) if method == "POST" else {}
        self.client.cookies = copy.deepcopy(self.cookies[who])
        with transaction.atomic():
            response = getattr(self.client, method.lower())(path, form)
            response.entries = Entry.objects.count()  # what this request recorded is among them
            transaction.set_rollback(True)
        return response

    def answer(self, who: str, method: str, key: str, **changes: Any) -> str:
        response = self.ask(who, method, key, **changes)
        signs_in = response.status_code == 302 and response["Location"].startswith(reverse("account_login"))
        return "in" if signs_in else str(response.status_code)


def differences(asker: Asker, table: str, who: list[str]) -> list[str]:
    found = []
    for (key, method), expected in lines(table).items():
        answers = [asker.answer(name, method, key) for name in who]
        if answers != expected:
            found += [f"- {as_line(key, method, expected)}", f"+ {as_line(key, method, answers)}"]
    return found


def test_every_route_has_its_line_and_every_line_its_route() -> None:
    named = {key.partition(" ")[0] for table in (OPEN, TABLE) for key, _method in lines(table)}
    assert sorted(set(routes()) - named) == [], "routes without a line"
    assert sorted(named - set(routes())) == [], "lines without a route"


def test_everybody_gets_what_the_table_says(world: World) -> None:
    found = differences(Asker(world), TABLE, CAST)
    assert not found, "\n".join(["The site answers otherwise:", *found])


def test_pages_that_know_no_duties_are_the_same_for_all(world: World) -> None:
    asker = Asker(world)
    assert differences(asker, OPEN, ["visitor", "clerk"]) == []
    for (key, method), (_visitor, anybody) in lines(OPEN).items():
        for who in ("resident", "administrator"):
            assert asker.answer(who, method, key) == anybody, (who, key)


def test_what_has_no_line_does_nothing(world: World) -> None:
    """A route without a line for GET shows nothing; one without a line for POST changes nothing."""
    asker, listed = Asker(world), lines(OPEN) | lines(TABLE)
    before = Entry.objects.count()
    for key in {key for key, _method in listed}:
        for who in ("administrator", "clerk"):
            if (key, "GET") not in listed:
                assert asker.answer(who, "GET", key) in ("404", "405"), key
            if (key, "POST") not in listed:
                response = asker.ask(who, "POST", key)
                assert response.status_code in (200, 302, 404, 405), key
                assert response.entries == before, key


CASE_ROUTES = [f"cases:{name}" for name in ("show", "live", *ACTS)]


LOCAL = ["grid_worker", "clerk", "dispatcher", "handler", "inspector", "administrator", "far_admin"]
OF_THE_DISTRICT = ["supervisor", "leader", "auditor"]


def test_a_case_of_another_street_does_not_exist(world: World) -> None:
    """Only who looks after the whole district sees it; they may do nothing to it but supervise."""
    asker = Asker(world)
    for who, route in product([*LOCAL, *OF_THE_DISTRICT], CASE_ROUTES):
        path, is_page = reverse(route, args=[world.foreign.number]), route in ("cases:show", "cases:live")
        seen, changed = (
            asker.answer(who, "GET", route, path=path),
            asker.answer(who, "POST", route, path=path),
        )
        if who in OF_THE_DISTRICT:
            supervises = route == "cases:supervise" and who != "auditor"
            usual = ("200", "405") if is_page else ("409", "409")
            assert (seen, changed) == (("200", "302") if supervises else usual), (who, route)
        else:
            assert (seen, changed) == ("404", "405" if is_page else "404"), (who, route)


def test_no_page_shows_an_administrator_what_residents_wrote(world: World) -> None:
    """Administrators run the installation; cases are none of their business, wherever words may turn up."""
    asker = Asker(world)
    words = [world.foreign.title, world.foreign.number, "13800000001"]
    for key, method in lines(TABLE):
        if method == "GET":
            response = asker.ask("administrator", method, key)
            text = "" if response.streaming else response.content.decode(errors="replace")
            assert not [word for word in words if word in text], key
