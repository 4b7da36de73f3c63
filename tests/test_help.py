"""The help: every page has a topic that fits it, every topic a text, and each is shown to those it is for."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import get_template
from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from bihuan.core import help as helping

# GET routes that are no page of their own, and why.
NO_PAGES = {
    "api_document": "for programs",
    "api_unknown": "a closed door",
    "health": "a line for load balancers",
    "no_email": "a closed door",
    "help": "the help itself",
    "help_topic": "the help itself",
    "cases:desk_rows": "a part of the desk",
    "cases:live": "a part of the case page",
    "cases:supervision_live": "a part of the Supervision page",
    "cases:map": "points for the map",
    "cases:qr": "a picture",
    "cases:export_report": "a download",
    "cases:export_my_data": "a download",
    "cases:export_rows": "a part of the page of exports",
    **dict.fromkeys(
        (f"reports:{name}" for name in ("word", "excel", "filled", "try_template", "beginning")), "a download"
    ),
    "cases:matter_search": "suggestions while typing",
    "cases:export_catalogue": "a download",
    "cases:catalogue_template": "a download",
    "accounts:export": "a download",
    "accounts:import_template": "a download",
    "files:show": "a file",
    "files:thumbnail": "a picture",
    "files:kept": "a picture",
    "insight:export": "a download",
    "intake:sheet_progress": "a part of the page of an import",
    "intake:refused_rows": "a download",
    "ledgers:people": "suggestions while typing",
    "ledgers:blank_sheet": "a download",
    "ledgers:household_data": "a download",
    "ledgers:sheet_progress": "a part of the page of an import",
    "ledgers:refused_rows": "a download",
    "ledgers:export_rows": "a part of the page of exports",
    "ledgers:shipped_workbook": "a download",
    "ledgers:workbook": "a download",
    "ledgers:worker": "the worker that keeps pages on a phone",
    "ledgers:points": "points for the map",
    "ledgers:batch_live": "a part of the page of a batch",
    "ledgers:draft_workbook": "a download",
    "notices:unread": "a number",
    "territory:boundaries": "shapes for the map",
    "territory:place_search": "suggestions while typing",
}


def routes(patterns: list[Any], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield before + pattern.name, pattern
        elif pattern.namespace != "v1":  # for programs; tests/test_matrix_api.py
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from routes(pattern.url_patterns, before + space)


def answers_get(view: Any) -> bool:
    """Whether a view is not kept to other methods by a decorator."""
    while view is not None:
        free = getattr(view, "__code__", None)
        if free is not None and "request_method_list" in free.co_freevars:
            cells = dict(zip(free.co_freevars, view.__closure__, strict=True))
            return "GET" in cells["request_method_list"].cell_contents
        view = getattr(view, "__wrapped__", None)
    return True


PAGES = sorted(
    name
    for name, pattern in routes(get_resolver().url_patterns)
    if name not in NO_PAGES and name != "set_language" and answers_get(pattern.callback)
)


@pytest.mark.parametrize("route", PAGES)
def test_every_page_has_a_topic(route: str) -> None:
    assert helping.explanation_of(route), f"{route} has no topic; name it in its room's help.py"


def test_what_is_no_page_is_still_a_route() -> None:
    known = {name for name, _pattern in routes(get_resolver().url_patterns)}
    assert set(NO_PAGES) <= known


@pytest.mark.parametrize("route", sorted(helping._explained))
def test_an_explanation_leads_to_a_text(route: str) -> None:
    code, _hash, anchor = helping._explained[route].partition("#")
    text = Path(get_template(helping._topics[code].template).origin.name).read_text()
    assert not anchor or f'id="{anchor}"' in text


@pytest.mark.parametrize("route", sorted(helping._explained))
def test_an_explained_route_exists(route: str) -> None:
    names = {name for name, _pattern in routes(get_resolver().url_patterns)}
    assert route in names or (route.endswith("*") and any(name.startswith(route[:-1]) for name in names))


@pytest.mark.django_db
class TestPages:
    def test_visitors_read_what_is_for_everybody(self, client) -> None:
        page = client.get("/help/")
        assert page.status_code == 200
        shown = {topic.code for _group, topics in page.context["groups"] for topic in topics}
        assert "reporting" in shown and "dispatching" not in shown
        assert client.get("/help/reporting/").status_code == 200
        assert client.get("/help/dispatching/").status_code == 404
        assert client.get("/help/nonsense/").status_code == 404

    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_staff_read_every_topic(self, client, dispatcher, language: str) -> None:
        client.force_login(dispatcher)
        client.cookies["django_language"] = language
        for code in sorted(helping._topics):
            assert client.get(f"/help/{code}/").status_code == 200, code

    def test_the_question_mark_opens_the_topic_of_the_page(self, client, dispatcher) -> None:
        assert client.get("/track/").context["help_url"] == "/help/following/"
        client.force_login(dispatcher)
        assert client.get("/desk/").context["help_url"] == "/help/desk/"
        assert client.get("/cases/").context["help_url"] == "/help/cases/#list"
        assert client.get("/no-such-page/").status_code == 404

    def test_a_topic_that_is_not_for_this_person_gives_way_to_the_contents(self, rf, resident) -> None:
        class Match:
            view_name = "cases:desk"

        request = rf.get("/")
        request.user, request.resolver_match = resident, Match()
        assert helping.help_url(request) == "/help/"
