"""The pages about tokens, and the documentation whose examples work."""

import re
from typing import Any

import pytest
from django.test import Client

from bihuan.api.document import document
from bihuan.api.models import Token
from bihuan.config.api import site
from bihuan.core.clock import today

FORM = {"name": "采集程序", "scopes": ["cases:read", "cases:act"], "expires_on": today().isoformat()}


@pytest.fixture
def signed_in(client: Any, cast: Any) -> Any:
    """The clerk, who has no password to be asked for again."""
    client.force_login(cast.clerk)
    return client


def test_the_secret_is_shown_once(signed_in, cast):
    answer = signed_in.post("/me/tokens/new/", FORM)
    assert answer.status_code == 302
    page = signed_in.get("/me/tokens/")
    secret = re.search(r"bihuan_[\w-]{43}", page.content.decode())
    assert secret
    assert (
        Client().get("/api/v1/me", headers={"Authorization": f"Bearer {secret[0]}"}).json()["name"]
        == "受理员"
    )
    assert secret[0] not in signed_in.get("/me/tokens/").content.decode()
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_a_token_is_made_by_who_has_just_signed_in(client, cast):
    cast.clerk.set_password("quiet-river-42")
    cast.clerk.save()
    client.force_login(cast.clerk)
    answer = client.post("/me/tokens/new/", FORM)
    assert answer.status_code == 302 and "reauthenticate" in answer["Location"]
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"scopes": []},
        {"scopes": ["all"]},
        {"expires_on": "2020-01-01"},
        {"expires_on": "2999-01-01"},
    ],
)
def test_a_mistake_is_told_beside_its_field(signed_in, change):
    answer = signed_in.post("/me/tokens/new/", FORM | change)
    assert answer.status_code == 422
    assert next(iter(change)) in answer.context["form"].errors
    assert not Token.objects.exists()


def test_everybody_sees_their_own_and_the_administrator_all(client, cast, make_token):
    make_token(cast.clerk)
    client.force_login(cast.stranger)
    assert not client.get("/me/tokens/").context["tokens"]
    client.force_login(cast.administrator)
    page = client.get("/tokens/")
    assert [token.person for token in page.context["page"]] == [cast.clerk]
    assert client.post(f"/me/tokens/{Token.objects.get().pk}/revoke/")["Location"] == "/tokens/"


def test_the_list_costs_the_same_for_many(client, cast, make_token, django_assert_max_num_queries):
    client.force_login(cast.administrator)
    make_token(cast.clerk)
    for person in (cast.clerk, cast.handler, cast.stranger):
        for _number in range(15):
            make_token(person)
    with django_assert_max_num_queries(12):
        client.get("/tokens/")


# -- the documentation --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_shows_every_operation(client, db, language):
    page = client.get("/api/", headers={"Accept-Language": language})
    assert page.status_code == 200
    text = page.content.decode()
    for methods in document(site)["paths"].values():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in text


def test_the_document_is_openapi_3_1_in_two_languages(client, db):
    english = client.get("/api/v1/openapi.json", headers={"Accept-Language": "en"})
    told = english.json()
    assert told["openapi"].startswith("3.1")
    assert told["paths"]["/api/v1/cases/{number}/assign"]["post"]["summary"] == "Assign"
    chinese = client.get("/api/v1/openapi.json", headers={"Accept-Language": "zh-hans"}).json()
    assert chinese["paths"]["/api/v1/cases/{number}/assign"]["post"]["summary"] == "交办"
    again = client.get(
        "/api/v1/openapi.json", headers={"Accept-Language": "en", "If-None-Match": english["ETag"]}
    )
    assert again.status_code == 304


def test_every_operation_says_what_it_is(db):
    for path, methods in document(site)["paths"].items():
        for operation in methods.values():
            assert operation["summary"] and operation["description"] and operation["tags"], path
            assert "$" not in operation["operationId"]
            assert {"2"} <= {str(status)[0] for status in operation["responses"]}, path


def test_every_field_says_what_it_is(db):
    told = document(site)
    assert told["info"]["title"] and told["info"]["description"]
    silent = [
        f"{shape}.{name}"
        for shape, schema in told["components"]["schemas"].items()
        for name, field in schema.get("properties", {}).items()
        if not field.get("description")
    ]
    assert silent == []
