"""What a rule answers, and how a refusal reaches the person who asked."""

import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from bihuan.core.middleware import RefusalMiddleware
from bihuan.core.verdicts import YES, Refusal, no, yes

pytestmark = pytest.mark.django_db


class Held:
    on_behalf_of = "the absent one"


def test_a_yes_is_true_and_passes() -> None:
    assert YES
    assert YES.enforce() is YES
    assert YES.on_behalf_of is None


def test_a_yes_remembers_whom_a_stand_in_stood_in_for() -> None:
    assert yes(Held()).enforce().on_behalf_of == "the absent one"


def test_a_no_is_false_and_raises_itself() -> None:
    verdict = no("case.wrong_state", "This case is closed.")

    assert not verdict
    with pytest.raises(Refusal) as caught:
        verdict.enforce()
    assert caught.value.code == "case.wrong_state"
    assert str(caught.value) == "case.wrong_state: This case is closed."


def test_a_refusals_sentence_is_translated_when_it_is_read() -> None:
    verdict = no("x.y", _("January"))

    with translation.override("zh-hans"):
        assert str(verdict.sentence) == "一月"
    with translation.override("en"):
        assert str(verdict.sentence) == "January"


def answer(refusal: Exception, path: str = "/cases/", **headers: str) -> HttpResponse | None:
    request = RequestFactory().get(path, headers=headers)
    from django.contrib.auth.models import AnonymousUser

    request.user = AnonymousUser()
    middleware = RefusalMiddleware(lambda request: HttpResponse())
    return middleware.process_exception(request, refusal)


REFUSAL = Refusal("case.wrong_state", "This case is <closed>.")


def test_a_page_gets_a_page() -> None:
    response = answer(REFUSAL)

    assert response is not None
    assert response.status_code == 409
    text = response.content.decode()
    assert "<html" in text
    assert "This case is &lt;closed&gt;." in text
    assert "case.wrong_state" in text


def test_htmx_gets_a_fragment() -> None:
    response = answer(REFUSAL, **{"HX-Request": "true"})

    assert response is not None
    assert response.status_code == 409
    assert "<html" not in response.content.decode()
    assert "This case is &lt;closed&gt;." in response.content.decode()


@pytest.mark.parametrize(("path", "accept"), [("/api/cases/", "*/*"), ("/cases/", "application/json")])
def test_a_program_gets_json(path: str, accept: str) -> None:
    response = answer(REFUSAL, path, Accept=accept)

    assert response is not None
    assert response.status_code == 409
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content) == {
        "status": 409,
        "code": "case.wrong_state",
        "title": "This case is <closed>.",
    }


def test_other_errors_are_left_to_crash() -> None:
    assert answer(ValueError("a bug")) is None


def test_health_answers_in_both_languages_without_signing_in(client) -> None:
    for language in ("zh-hans", "en"):
        response = client.get("/health/", headers={"Accept-Language": language})
        assert (response.status_code, response.content) == (200, b"ok")
