"""Everything that goes wrong under /api/ is told in one form, and nothing that is sent breaks it."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.cases.models import Report
from bihuan.files.tests.samples import jpeg

REPORT = {"words": "井盖破损", "lon": 114.605, "lat": 33.605}


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert (told["status"], told["code"]) == (status, code)
    assert told["title"]
    return told


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v2/cases", "/api/v1/nonsense", "/api/v1/cases/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_does_not_exist(db, client, path, method):
    if (path, method) == ("/api/", "get"):
        return  # the documentation
    answer = getattr(client, method)(path)
    if path == "/api/":
        assert answer.status_code == 405
    else:
        problem(answer, 404, "not_found")


def test_another_method(db, client):
    answer = client.delete("/api/v1/reports")
    problem(answer, 405, "request.method")
    assert answer["Allow"] == "POST"


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff", b'{"words": "\\ud800"}', b'{"lon": NaN}', b'{"lon": Infinity}', b"[" * 100_000,
     b'{"lon": ' + b"9" * 5_000 + b"}"],
)  # fmt: skip
def test_what_is_no_json(db, client, body):
    problem(client.post("/api/v1/reports", body, content_type="application/json"), 400, "request.malformed")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "_"),
        ("text", "_"),
        (None, "_"),
        ({}, "words"),
        ({"words": ""}, "words"),
        ({"words": 1}, "words"),
        (REPORT | {"words": "x" * 5_001}, "words"),
        (REPORT | {"words": "a\0b"}, "words"),
        (REPORT | {"lon": "114.6"}, "lon"),
        (REPORT | {"lon": 1e308}, "address"),
        (REPORT | {"lon": True}, "lon"),
        (REPORT | {"place": "NUL\0"}, "place"),
        (REPORT | {"may_call": "yes"}, "may_call"),
        (REPORT | {"may_call": True}, "phone"),
        (REPORT | {"phone": "abc"}, "phone"),
        (REPORT | {"photos": ["forged"]}, "photos"),
        (REPORT | {"photos": [1]}, "photos.0"),
        (REPORT | {"photos": ["x"] * 10}, "photos"),
        (REPORT | {"unknown": 1}, "unknown"),
    ],
)
def test_what_does_not_fit_is_told_field_by_field(places, client, body, field):
    told = problem(
        client.post("/api/v1/reports", json.dumps(body), content_type="application/json"),
        422,
        "request.invalid",
    )
    assert field in told["errors"], told
    assert all(sentences and all(sentences) for sentences in told["errors"].values())
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "query",
    ["cursor=x", "cursor=%00", "cursor=" + "A" * 500, "limit=0", "limit=201", "limit=x", "state=nonsense",
     "matter=99999999999999999999", "matter=x", "matter=987654", "since=yesterday",
     "q=%00", "unknown=1", "q=" + "x" * 201],
)  # fmt: skip
def test_filters_that_make_no_sense(call, cast, query):
    told = problem(call(cast.clerk, f"/cases?{query}"), 422, "request.invalid")
    assert query.partition("=")[0] in told["errors"]


def test_choices_are_named_in_every_language(call, cast):
    told = problem(
        call(cast.clerk, "/cases?state=nonsense", Accept_Language="zh-hans"), 422, "request.invalid"
    )
    (sentence,) = told["errors"]["state"]
    assert "declined, withdrawn, merged" in sentence and "'" not in sentence


def test_a_cursor_of_another_list_is_no_cursor(call, cast, make_case):
    for _number in range(3):
        make_case(at="reported")
    cursor = call(cast.clerk, "/cases?limit=1").json()["next"]
    assert call(cast.clerk, f"/cases?limit=1&cursor={cursor}").status_code == 200
    problem(call(cast.clerk, f"/cases?limit=1&cursor={cursor}x"), 422, "request.invalid")
    problem(call(cast.clerk, f"/cases?limit=1&show=open&cursor={cursor}"), 422, "request.invalid")


def test_a_refusal_is_the_pages_refusal(call, cast, make_case):
    case = make_case(at="handling")
    told = problem(call(cast.clerk, f"/cases/{case.number}/file", {}), 422, "request.invalid")
    told = problem(
        call(cast.clerk, f"/cases/{case.number}/file", {"matter": cast.pipes.pk}, Accept_Language="zh-hans"),
        409,
        "case.wrong_state",
    )
    assert "处置中" in told["title"]


def test_what_is_not_yours_does_not_exist(call, cast, make_case):
    case = make_case(at="reported")
    problem(call(cast.stranger, f"/cases/{case.number}"), 404, "not_found")
    problem(call(cast.stranger, f"/cases/{case.number}/file", {"matter": cast.pipes.pk}), 404, "not_found")
    problem(call(cast.clerk, "/cases/260315-0004217-3"), 404, "not_found")
    problem(call(cast.clerk, "/cases/nonsense"), 422, "request.invalid")


def test_another_media_type(db, client):
    problem(client.post("/api/v1/reports", {"words": "x"}), 415, "request.media_type")
    problem(client.post("/api/v1/files", {}, content_type="application/json"), 415, "request.media_type")


def test_too_much(db, client):
    body = b'{"words": "' + b"x" * (2 * 1024 * 1024) + b'"}'
    problem(client.post("/api/v1/reports", body, content_type="application/json"), 413, "request.too_large")


@pytest.mark.parametrize(
    ("name", "content"), [("空.jpg", b""), ("假.jpg", b"no picture at all\x00"), ("p.exe", b"MZ\x00\x01")]
)
def test_files_that_are_none(db, client, name, content):
    answer = client.post("/api/v1/files", {"file": SimpleUploadedFile(name, content)})
    assert name in problem(answer, 422, "request.invalid")["errors"]["file"][0]


def test_what_is_wrong_is_told_in_words(db, client, call, cast):
    told = problem(call(cast.resident, "/reports", REPORT | {"words": "a\0b"}), 422, "request.invalid")
    assert told["errors"]["words"] == ["There is a NUL character in it, which cannot be kept."]

    told = problem(call(cast.clerk, "/cases?since=yesterday"), 422, "request.invalid")
    assert told["errors"]["since"] == ["A date is asked for, such as 2026-03-15."]

    kept = client.post("/api/v1/files", {"file": SimpleUploadedFile("a.jpg", b"words, and no picture")})
    told = problem(
        call(cast.resident, "/reports", REPORT | {"photos": [kept.json()["ticket"]]}), 422, "request.invalid"
    )
    assert told["errors"]["photos"] == ["“a.jpg” is not a photo. Choose a JPEG, PNG, WebP or HEIC picture."]


def test_visitors_upload_and_report_with_the_ticket(places, client):
    kept = client.post("/api/v1/files", {"file": SimpleUploadedFile("p.jpg", jpeg())})
    assert kept.status_code == 201, kept.content
    answer = client.post(
        "/api/v1/reports", REPORT | {"photos": [kept.json()["ticket"]]}, content_type="application/json"
    )
    assert answer.status_code == 201
    code = answer.json()["tracking_code"]
    followed = client.get(f"/api/v1/reports/{code}").json()
    photo = client.get(followed["photos"][0]["url"])
    assert photo.status_code == 200 and photo["Content-Type"] == "image/jpeg"
    problem(client.get(f"/api/v1/reports/{code}/photos/987654"), 404, "not_found")


def test_visitors_have_to_wait_as_on_the_page(places, client, monkeypatch):
    monkeypatch.setattr("bihuan.core.visitors.Limit.take", lambda *_: False)
    answer = client.post("/api/v1/reports", REPORT, content_type="application/json")
    problem(answer, 429, "too_many_requests")
    assert int(answer["Retry-After"]) > 0


def test_a_bug_is_told_without_its_cause(places, client, monkeypatch):
    def bug(**_arguments: Any) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr("bihuan.cases.actions.report_case", bug)
    client.raise_request_exception = False
    answer = client.post("/api/v1/reports", REPORT, content_type="application/json")
    problem(answer, 500, "failed")
    assert b"secret" not in answer.content


def test_no_other_site_reads_it(db, client):
    answer = client.get("/api/v1/areas", headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in answer


def test_a_reply_with_an_open_placeholder_is_not_sent(call, cast, make_case):
    case = make_case(at="reported")
    body = {"reason": "elsewhere", "note": "请联系{unit}"}
    answer = call(cast.clerk, f"/cases/{case.number}/decline", body)
    assert "{unit}" in problem(answer, 422, "request.invalid")["errors"]["note"][0]
    case.refresh_from_db()
    assert case.state == "reported"
