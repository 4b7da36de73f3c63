"""The OpenAPI document: what the operations say of themselves, completed with what holds for all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_noop as _
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.schema import NinjaGenerateJsonSchema

from bihuan.api.authentication import Bearer, anybody
from bihuan.api.examples import example_of
from bihuan.api.models import Scope
from bihuan.api.once import HEADER
from bihuan.api.problems import PROBLEM
from bihuan.api.shapes import Problem
from bihuan.api.site import JSON, Site, taken_by
from bihuan.core.clock import today

ERRORS = {
    400: _("It could not be read."),
    401: _("There is no token, or it opens nothing."),
    403: _("The token lacks the scope."),
    404: _("It does not exist, or is not yours to see."),
    409: _("The rules say no; code and sentence say why."),
    413: _("It is too large."),
    415: _("It came in another media type."),
    422: _("A field is wrong; errors says which and why."),
    429: _("Too many requests; Retry-After says when to come back."),
}
RETRY = {"Retry-After": {"description": _("Seconds to wait."), "schema": {"type": "string"}}}
REPLAYED = {
    "Idempotent-Replayed": {
        "description": _("true when this was answered before under the same Idempotency-Key."),
        "schema": {"type": "string"},
    }
}
KEY = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": _("The same key with the same request: it happens once, and the answer comes again."),
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "example": "5f0c9a52-8a34-4d53-9a63-0f3a6f1c2b7e",
}
TITLE = "Bihuan 闭环"
PURPOSE = _(
    "Report, follow and handle the cases of a district and read its figures,"
    " from programs, by the rules of the pages."
)
TRANSLATED = ("summary", "description")
# What is called the same everywhere, and means the same.
COMMON = {
    "actions": _("What you may do to it, and what not and why."),
    "address": _("Where it is, as it was written."),
    "allowed": _("Whether you may do it now."),
    "area": _("The area it lies in."),
    "at": _("When."),
    "by": _("What the lines are."),
    "caption": _("What is written under it."),
    "changed_at": _("When something about it changed last."),
    "channel": _("Through which way it came in."),
    "clock": _("The clock of the present stage."),
    "code": _("Its code."),
    "comment": _("What the reporter added."),
    "denominator": _("What is counted below the line; null where nothing is divided."),
    "desk": _("The desk that it is at."),
    "due": _("How many cases were due."),
    "due_at": _("The deadline of the present stage."),
    "duties": _("The duties that count today."),
    "ends_on": _("Its last day."),
    "event": _("What was recorded."),
    "expires_at": _("Until when it holds."),
    "expires_on": _("Its last day."),
    "figures": _("The indicators, one by one."),
    "files": _("Photos and documents."),
    "groups": _("What waits, verb by verb."),
    "height": _("In pixels; null for documents."),
    "id": _("Its id."),
    "indicator": _("The code of the indicator."),
    "items": _("The rows."),
    "kind": _("Its kind, for programs."),
    "label": _("What it is called, in the language asked for."),
    "lat": _("Latitude, WGS-84 degrees."),
    "late": _("How many are overdue."),
    "limit": _("Rows on one page, at most 200."),
    "lines": _("The lines, the best first."),
    "lon": _("Longitude, WGS-84 degrees."),
    "matter": _("The matter."),
    "may_answer": _("Whether the reporter can say now whether it is solved."),
    "may_call": _("Whether the reporter may be called back."),
    "may_withdraw": _("Whether the reporter can withdraw it now."),
    "media_type": _("Its media type."),
    "name": _("Its name."),
    "name_en": _("Its English name; may be empty."),
    "needs_after_photo": _("Whether a photo after the work is asked for."),
    "needs_before_photo": _("Whether a photo before the work is asked for."),
    "note": _("What was added in words."),
    "number": _("The case number."),
    "numerator": _("What is counted above the line."),
    "on_behalf_of": _("Whom they stood in for; empty when for nobody."),
    "parent": _("The id of what it lies in; null at the top."),
    "period": _("The period, as an address has it."),
    "photos": _("The photos that the reporter may see."),
    "place": _("The place."),
    "promised_at": _("Until when it was promised to be solved."),
    "rank": _("Its rank; null where there is too little to compare."),
    "reply": _("The reply to the reporter."),
    "reported_at": _("When it was reported."),
    "reports": _("What was reported."),
    "resolution": _("What was done."),
    "role": _("report, before, after or evidence."),
    "satisfaction": _("How satisfied the reporter is."),
    "scopes": _("What the token is made for."),
    "sentence": _("What happened, in words."),
    "size": _("Bytes."),
    "solved": _("Whether it is solved."),
    "starts_on": _("Its first day."),
    "state": _("The state, for programs."),
    "state_label": _("The state, in words."),
    "timeline": _("What happened, oldest first."),
    "title": _("A heading."),
    "total": _("How many there are."),
    "tracking_code": _("The tracking code."),
    "trend": _("The last twelve periods, this one last."),
    "unit": _("The unit."),
    "urgency": _("critical, urgent, ordinary or difficult."),
    "url": _("Where to find it."),
    "value": _("The figure itself; null where there is nothing to divide by."),
    "verb": _("The verb."),
    "waiting": _("How many wait for you."),
    "waits_because": _("The public reason why it stands still."),
    "who": _("Who did it; empty where a person is not named."),
    "width": _("In pixels; null for documents."),
    "words": _("What was written."),
}


@lru_cache(maxsize=8)
def _written(site: Site, language: str, day: date) -> tuple[bytes, str]:
    content = json.dumps(_translated(Document(site)), ensure_ascii=False).encode()
    return content, sha256(content).hexdigest()[:16]


def document_json(site: Site) -> tuple[bytes, str]:
    """The document in the reader's language, and a stamp that changes when it does."""
    return _written(site, get_language() or "", today())


@lru_cache(maxsize=8)
def _read(site: Site, language: str, day: date) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(_written(site, language, day)[0])
    return told


def document(site: Site) -> dict[str, Any]:
    """The document as data."""
    return _read(site, get_language() or "", today())


class Document(OpenAPISchema):
    """The document in its source language."""

    def __init__(self, site: Site):
        super().__init__(site, f"api/v{site.version}/")
        self["info"] |= {"title": TITLE, "description": PURPOSE}
        problem = Problem.model_json_schema(schema_generator=NinjaGenerateJsonSchema, mode="serialization")
        self["components"]["schemas"]["Problem"] = problem
        for schema in self["components"]["schemas"].values():
            for name, told in schema.get("properties", {}).items():
                _describe(name, told)
        for scheme in self["components"].get("securitySchemes", {}).values():
            scheme["description"] = _(
                "A token made on the page Programs. It never can do more than its person."
            )

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        details: dict[str, Any] = super().operation_details(operation)
        scopes = [one.scope for one in operation.auth_callbacks if isinstance(one, Bearer)]
        for scope in filter(None, scopes):
            details["security"] = [{"Bearer": [scope]}]
            details["x-scope"] = {"code": scope, "description": _source(Scope(scope))}
        for parameter in details["parameters"]:
            _describe(parameter["name"], parameter)
        if anybody in operation.auth_callbacks:
            details["security"].append({})
        if "GET" not in operation.methods:
            details["parameters"].append(dict(KEY))
        for told in details["responses"].values():
            if "GET" not in operation.methods:
                told["headers"] = REPLAYED
        for status in sorted(_failures(operation)):
            details["responses"][status] = _failure(status)
        details.pop("x-failures", None)
        self._give_example(details)
        return details

    def _give_example(self, details: dict[str, Any]) -> None:
        body = details.get("requestBody", {}).get("content", {}).get(JSON)
        if body and "example" not in body:
            body["example"] = example_of(body["schema"], self.schemas)


def _describe(name: str, told: dict[str, Any]) -> None:
    """Say what something is that does not say so itself."""
    if not told.get("description") and name in COMMON:
        told["description"] = COMMON[name]


def _failures(operation: Operation) -> Iterator[int]:
    """What may go wrong with an operation, by what it is; `x-failures` names what that does not tell."""
    yield from (422, *(operation.openapi_extra or {}).get("x-failures", ()))
    writes = "GET" not in operation.methods
    sources = {model.__ninja_param_source__ for model in operation.models}
    if any(isinstance(one, Bearer) for one in operation.auth_callbacks):
        yield from (401, 403, 404, 429)
    if "path" in sources:
        yield from (404, 429)
    if writes:
        yield from (409, 429)
    if taken_by(operation):
        yield from (400, 413, 415)


def _failure(status: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "description": ERRORS[status],
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status == 429:
        told["headers"] = RETRY
    return told


def _source(scope: Scope) -> str:
    from django.utils.translation import override

    with override(None):
        return str(scope.label)


def _translated(part: Any, name: str = "") -> Any:
    """The same with its sentences in the reader's language."""
    if isinstance(part, dict):
        return {key: _translated(value, str(key)) for key, value in part.items()}
    if isinstance(part, list):
        return [_translated(one) for one in part]
    return translate(part) if name in TRANSLATED and isinstance(part, str) and part else part
