"""Every operation answers each of the cast as tests/matrix_api.py says, verbs as their pages do."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from bihuan.api.document import document
from bihuan.cases.api.acting import ACTS, CALLS, PARTS
from bihuan.config.api import site
from bihuan.files.tests.samples import jpeg
from tests import matrix, matrix_api
from tests.api import make_token
from tests.matrix import CAST, as_line, lines
from tests.world import World, make_world

VERBS = [*ACTS, *PARTS, *CALLS]
LINES, PAGES = lines(matrix_api.TABLE), lines(matrix.TABLE)


def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Every operation: its method, its address and what the document says of it."""
    return {
        details["operationId"]: (method.upper(), path, details)
        for path, methods in document(site)["paths"].items()
        for method, details in methods.items()
    }


def expected(key: str) -> list[str]:
    if key in VERBS:
        return matrix_api.as_operation(PAGES.get((f"cases:{key}", "POST"), []))
    method = operations()[key.partition(" ")[0]][0]
    return LINES[key, method]


def test_every_operation_has_its_line_and_every_line_its_operation() -> None:
    named = {key.partition(" ")[0] for key, _method in LINES} | set(VERBS)
    assert sorted(set(operations()) - named) == [], "operations without a line"
    assert sorted(named - set(operations())) == [], "lines without an operation"


@pytest.fixture
def world(db: None) -> World:
    made = make_world()
    for verb in ("answer", "appeal", "withdraw", "track"):
        made.arguments.setdefault(verb, made.arguments[f"cases:{verb}"])
    made.arguments["track (wrong code)"] = ["ABCD-2345-EFGH"]
    made.arguments["show_case"] = made.arguments["cases:show"]
    made.arguments["open_file"] = made.arguments["open_thumbnail"] = made.arguments["files:show"]
    made.arguments["open_report_photo"] = [*made.arguments["cases:track"], 987_654]
    made.forms |= {"report": {"words": "井盖破损", "lon": 114.605, "lat": 33.605}}
    made.forms |= {verb: made.forms[f"cases:{verb}"] for verb in ("answer", "appeal")}
    return made


class Asker:
    """Calls operations as each of the cast; whatever a call changes is taken back after it."""

    def __init__(self, world: World):
        self.world, self.client = world, Client()
        self.headers = {
            who: {}
            if who == "visitor"
            else {"Authorization": f"Bearer {make_token(getattr(world.cast, who))}"}
            for who in CAST
        }

    def answer(self, who: str, key: str) -> str:
        method, path, details = operations()[key.partition(" ")[0]]
        with transaction.atomic():
            response = self._call(self.headers[who], method, self._filled(path, key), key, details)
            transaction.set_rollback(True)
        return str(response.status_code)

    def _call(self, headers: Any, method: str, path: str, key: str, details: Any) -> Any:
        if method == "GET":
            queries = {"locate_area": {"lon": 114.605, "lat": 33.605}, "search_places": {"q": "庆丰"}}
            return self.client.get(path, queries.get(key, {}), headers=headers)
        if key == "upload_file":
            return self.client.post(path, {"file": SimpleUploadedFile("p.jpg", jpeg())}, headers=headers)
        form = self.world.forms.get(key) or self.world.forms.get(f"cases:{key}", {})
        body = json.dumps(as_json(form, details))
        return self.client.post(path, body, content_type="application/json", headers=headers)

    def _filled(self, path: str, key: str) -> str:
        arguments = self.world.arguments.get(key) or self.world.arguments.get(f"cases:{key}", [])
        for argument in arguments:
            before, _brace, rest = path.partition("{")
            path = before + str(argument) + rest.partition("}")[2]
        return path


def as_json(form: dict[str, Any], details: dict[str, Any]) -> dict[str, Any]:
    """A page's form as the JSON that its operation takes."""
    content = details.get("requestBody", {}).get("content", {}).get("application/json", {})
    reference = content.get("schema", {})
    for part in [reference, *reference.get("anyOf", []), *reference.get("allOf", [])]:
        name = part.get("$ref", "").rpartition("/")[2]
        if name:
            known = document(site)["components"]["schemas"][name]["properties"]
            return {field: _typed(value, known[field]) for field, value in form.items() if value != ""}
    return form


def _typed(value: Any, schema: dict[str, Any]) -> Any:
    kinds = {schema.get("type"), *(one.get("type") for one in schema.get("anyOf", []))}
    if "boolean" in kinds:
        return value in ("yes", "on", True)
    if "integer" in kinds:
        return int(value)
    return value


def test_everybody_gets_what_the_table_says(world: World) -> None:
    lined = [verb for verb in VERBS if expected(verb)]
    found = [f"{verb}: its page has no line in tests/matrix.py" for verb in VERBS if verb not in lined]
    asker = Asker(world)
    for key in [*lined, *(key for key, _method in LINES)]:
        wanted = expected(key)
        answers = [asker.answer(who, key) for who in CAST]
        if answers != wanted:
            method = operations()[key.partition(" ")[0]][0]
            found += [f"- {as_line(key, method, wanted)}", f"+ {as_line(key, method, answers)}"]
    assert not found, "\n".join(["The interface answers otherwise:", *found])


def test_a_case_of_another_street_does_not_exist(world: World) -> None:
    world.arguments |= {
        key: [world.foreign.number, *world.arguments.get(f"cases:{key}", [0])[1:]]
        for key in (*VERBS, "show_case")
    }
    asker = Asker(world)
    complete = [verb for verb in VERBS if f"cases:{verb}" in world.arguments]
    for who in ("grid_worker", "clerk", "dispatcher", "handler", "inspector", "administrator"):
        assert {asker.answer(who, key) for key in (*complete, "show_case")} == {"404"}, who
