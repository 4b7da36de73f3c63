"""The examples of the documentation work: each is read from the page, and sent."""

import json
import re
import shlex
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from bihuan.accounts.tests.factories import make_person
from bihuan.api.document import document
from bihuan.cases.api.acting import ACTS, CALLS, PARTS
from bihuan.config.api import site
from bihuan.files.access import ticket
from bihuan.files.actions import accept_upload
from bihuan.files.tests.samples import jpeg
from tests.api import make_token
from tests.matrix import CAST
from tests.test_matrix_api import expected
from tests.world import World, make_world

CURL = re.compile(r'<code id="(\w+)-curl">(.*?)</code>', re.DOTALL)
VERBS = {*ACTS, *PARTS, *CALLS}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def examples() -> dict[str, str]:
    """The calls of the page by operation, as somebody copies them."""
    page = Client().get("/api/", headers={"Accept-Language": "en"}).content.decode()
    return {name: unescape(curl) for name, curl in CURL.findall(page)}


def sent(curl: str, secret: str, path: str, body: dict[str, Any]) -> Any:
    """A call through the test client; `path` and `body` put real things where the page has examples."""
    words = shlex.split(curl.replace("\\\n", " ").replace("$BIHUAN_TOKEN", secret))
    method, headers, told, query, upload = "get", {}, {}, {}, None
    rest = iter(words[1:-1])
    for word in rest:
        if word == "-G":
            continue
        value = next(rest)
        if word == "-X":
            method = value.lower()
        elif word == "-H":
            name, _colon, headers[name] = value.partition(": ")
        elif word == "-d":
            told = json.loads(value)
        elif word == "--data-urlencode":
            name, _equals, query[name] = value.partition("=")
        elif word == "-F":
            assert value == "file=@photo.jpg"
            upload = SimpleUploadedFile("photo.jpg", jpeg())
        else:
            assert word == "-o", word
    assert words[0] == "curl" and words[-1].startswith("http://testserver/api/v1/")
    client = Client(headers=headers)
    if method == "get":
        return client.get(path, query)
    if upload is not None:
        return client.post(path, {"file": upload})
    content = json.dumps(told | {name: value for name, value in body.items() if name in told})
    return client.post(path, content, content_type=headers.get("Content-Type", "application/json"))


def who_may(key: str) -> str:
    """The first of the cast who gets what they ask for; else somebody with every desk of the district."""
    answers = zip(CAST, expected(key), strict=False)
    return next((who for who, answer in answers if answer.startswith("2")), "of_the_district")


def test_there_is_an_example_for_every_operation(db: None) -> None:
    told = {
        operation["operationId"]
        for methods in document(site)["paths"].values()
        for operation in methods.values()
    }
    assert set(examples()) - {"first"} == told


def test_the_examples_work(world: World) -> None:
    """Sent as they stand on the page, by somebody who may; only numbers, codes and ids are put in."""
    kinds = ("clerk", "dispatcher", "inspector")
    world.cast.of_the_district = make_person(
        "区里", username="of_the_district", duties=[(kind, world.cast.places.district) for kind in kinds]
    )
    photo = accept_upload(SimpleUploadedFile("p.jpg", jpeg()))
    real = {
        "unit": world.cast.bureau.pk, "right_unit": world.cast.works.pk, "units": [world.cast.works.pk],
        "photos": [ticket(photo)],
    }  # fmt: skip
    paths = {
        operation["operationId"]: path
        for path, methods in document(site)["paths"].items()
        for operation in methods.values()
    }
    failed = []
    for name, curl in examples().items():
        if name == "first":
            continue
        key = f"cases:{name}" if name in VERBS else name
        form = world.forms.get(key, {})
        own = {field: value for field, value in form.items() if isinstance(value, int) or field == "into"}
        path = filled(paths[name], name, world)
        if path is None:
            continue
        who = who_may(name)
        secret = "" if who == "visitor" else make_token(getattr(world.cast, who))
        with transaction.atomic():
            answer = sent(curl, secret, path, real | own)
            transaction.set_rollback(True)
        if not 200 <= answer.status_code < 300:
            failed.append((name, who, answer.status_code, answer.content.decode()[:200]))
    assert not failed, "\n".join(map(str, failed))


def filled(path: str, name: str, world: World) -> str | None:
    """An address with what really exists; None where the world has no such thing."""
    known = {name: world.arguments[f"cases:{name}"] for name in ("track", "answer", "appeal", "withdraw")}
    known |= {"show_case": world.arguments["cases:show"]}
    known |= dict.fromkeys(("open_file", "open_thumbnail"), world.arguments["files:show"])
    if name == "open_report_photo":
        return None  # proved in bihuan/api/tests/test_problems.py, with a photo of the reporter's own
    for argument in known.get(name) or world.arguments.get(f"cases:{name}", []):
        before, _brace, rest = path.partition("{")
        path = before + str(argument) + rest.partition("}")[2]
    return path
