"""Idempotency-Key: once is once, however often it is sent, and whatever breaks in between."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from bihuan.api import actions
from bihuan.api.models import KeptAnswer
from bihuan.cases.actions import erase_report
from bihuan.cases.models import Case, Report
from bihuan.core.clock import now, travel

REPORT = {"words": "井盖破损", "lon": 114.605, "lat": 33.605}
KEY = {"Idempotency_Key": "a-key-of-ours"}


def test_the_same_request_again_gets_the_same_answer(call, places):
    first, again = (call(None, "/reports", REPORT, **KEY) for _ in range(2))

    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert "Idempotent-Replayed" not in first and again["Idempotent-Replayed"] == "true"
    assert again["Content-Type"] == first["Content-Type"]
    assert Report.objects.count() == 1


def test_without_a_key_two_are_two(call, places):
    assert call(None, "/reports", REPORT).json() != call(None, "/reports", REPORT).json()
    assert Report.objects.count() == 2


def test_another_request_may_not_use_the_key(call, places):
    call(None, "/reports", REPORT, **KEY)
    answer = call(None, "/reports", REPORT | {"words": "路灯不亮"}, **KEY)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency.key_reused")
    assert Report.objects.count() == 1


def test_keys_of_different_people_are_different(call, cast, client):
    mine = call(cast.resident, "/reports", REPORT, **KEY).json()
    assert call(None, "/reports", REPORT, **KEY).json() != mine
    assert client.post(
        "/api/v1/reports", REPORT, content_type="application/json", REMOTE_ADDR="203.0.113.9",
        headers={"Idempotency-Key": "a-key-of-ours"},
    ).json() != mine  # fmt: skip
    assert Report.objects.count() == 3


@pytest.mark.parametrize("key", ["", "x" * 256, "mit Leerzeichen", "schlüssel"])
def test_a_key_is_short_and_visible(call, places, key):
    answer = call(None, "/reports", REPORT, Idempotency_Key=key)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency.key_invalid")
    assert not Report.objects.exists()


def test_what_was_refused_may_be_tried_again(call, cast, make_case, make_token, client):
    case = make_case(at="filed")
    headers = {"Authorization": f"Bearer {make_token(cast.handler)[1]}", "Idempotency-Key": "k1"}
    path = f"/api/v1/cases/{case.number}/acknowledge"

    def press() -> Any:
        return client.post(path, {}, content_type="application/json", headers=headers)

    assert press().status_code == 404  # not this unit's yet
    make_case.assign(case, None)
    assert press().status_code == 200
    assert press()["Idempotent-Replayed"] == "true"
    assert KeptAnswer.objects.count() == 1


def test_a_key_does_not_take_a_guess_back(call, places):
    for number in range(20):
        guess = call(None, "/reports/ABCD-2345-EFGH/answer", {"solved": True}, Idempotency_Key=f"k{number}")
        assert guess.status_code == 404

    assert call(None, "/reports/ABCD-2345-EFGH").status_code == 429


def test_a_token_that_ended_is_told_nothing_of_before(call, cast, make_token, client):
    token, secret = make_token(cast.resident)
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "k1"}
    assert (
        client.post("/api/v1/reports", REPORT, content_type="application/json", headers=headers).status_code
        == 201
    )
    actions.revoke_token(token, by=cast.resident)
    assert (
        client.post("/api/v1/reports", REPORT, content_type="application/json", headers=headers).status_code
        == 401
    )


def test_the_answer_and_the_change_are_kept_together_or_not_at_all(call, places, monkeypatch):
    class Killed(Exception):
        pass

    def die(*_args: Any, **_kwargs: Any) -> None:
        raise Killed

    monkeypatch.setattr("bihuan.api.once._keep", die)
    with pytest.raises(Killed):
        call(None, "/reports", REPORT, **KEY)
    assert not Case.objects.exists() and not KeptAnswer.objects.exists()


def test_a_kept_answer_is_forgotten_after_a_day(call, places):
    call(None, "/reports", REPORT, **KEY)
    with travel(now() + timedelta(hours=23)):
        assert actions.forget_answers() == 0
        assert call(None, "/reports", REPORT, **KEY)["Idempotent-Replayed"] == "true"
    with travel(now() + timedelta(hours=25)):
        assert "Idempotent-Replayed" not in call(None, "/reports", REPORT, **KEY)  # before it was swept
    with travel(now() + timedelta(hours=50)):
        assert actions.forget_answers() == 1
    assert Report.objects.count() == 2


def test_what_a_reporter_erases_is_forgotten_at_once(call, cast, settle):
    told = call(cast.resident, "/reports", REPORT, **KEY).json()
    call(None, "/reports", REPORT, Idempotency_Key="another")
    erase_report(Report.objects.get(tracking_code=told["tracking_code"]), by=cast.resident)
    settle()
    assert [kept.key for kept in KeptAnswer.objects.all()] == ["another"]


@pytest.mark.threads
@pytest.mark.django_db(transaction=True)
def test_eight_at_once_make_one_report(places):
    together = Barrier(8)

    def send(_number: int) -> tuple[int, bytes]:
        together.wait()
        answer = Client().post(
            "/api/v1/reports", REPORT, content_type="application/json", headers={"Idempotency-Key": "at-once"}
        )
        connection.close()
        return answer.status_code, answer.content

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(send, range(8)))
    assert len(answers) == 1 and answers.pop()[0] == 201
    assert Report.objects.count() == 1 and KeptAnswer.objects.count() == 1
