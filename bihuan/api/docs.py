"""The documentation page's content: the operations of the document, each with a call that works."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.api.document import document
from bihuan.api.models import Scope
from bihuan.api.once import HEADER
from bihuan.api.site import JSON, MULTIPART, Site

CHAPTERS = {
    "you": _("You and your token"),
    "reports": _("Reports of residents"),
    "cases": _("Cases and the desk"),
    "actions": _("Acting on a case"),
    "catalogue": _("Matters and units"),
    "territory": _("Areas and places"),
    "files": _("Photos and documents"),
    "figures": _("Figures"),
}
TOKEN = "$BIHUAN_TOKEN"  # noqa: S105


@dataclass(frozen=True)
class Row:
    """A parameter or a field of a body or an answer."""

    name: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True)
class Shown:
    """One operation on the page."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    scope: str
    scope_label: str
    public: bool
    parameters: list[Row]
    fields: list[Row]
    answer: list[Row]
    failures: list[tuple[str, str]]
    curl: str


@dataclass
class Chapter:
    """Operations that belong together."""

    code: str
    label: Any
    operations: list[Shown] = field(default_factory=list)


def chapters(site: Site, origin: str) -> dict[str, Any]:
    """What the page shows; `origin` is this installation's own address."""
    told = document(site)
    found = {code: Chapter(code, label) for code, label in CHAPTERS.items()}
    for path, methods in told["paths"].items():
        for method, details in methods.items():
            tag = details["tags"][0]
            found[tag].operations.append(_shown(method.upper(), path, details, told, origin))
    return {
        "chapters": [chapter for chapter in found.values() if chapter.operations],
        "scopes": Scope.choices,
        "origin": origin,
        "version": site.version,
    }


def _shown(method: str, path: str, details: dict[str, Any], told: dict[str, Any], origin: str) -> Shown:
    known = told["components"]["schemas"]
    content = details.get("requestBody", {}).get("content", {})
    body: dict[str, Any] = next((one["schema"] for one in content.values()), {})
    answers = [answer for status, answer in details["responses"].items() if str(status).startswith("2")]
    answer = answers[0].get("content", {}).get(JSON, {}).get("schema", {}) if answers else {}
    scope = details.get("x-scope", {})
    return Shown(
        id=details["operationId"],
        method=method,
        path=path,
        summary=details["summary"],
        description=details.get("description", ""),
        scope=scope.get("code", ""),
        scope_label=scope.get("description", ""),
        public={} in details.get("security", [{}]),
        parameters=[
            _row(one["name"], one, one.get("required", False), known) for one in details["parameters"]
        ],
        fields=list(_rows(body, known)),
        answer=list(_rows(answer, known)),
        failures=[
            (str(status), failure["description"])
            for status, failure in details["responses"].items()
            if str(status)[0] in "45"
        ],
        curl=curl_of(method, path, details, origin),
    )


def curl_of(method: str, path: str, details: dict[str, Any], origin: str) -> str:
    """A call for a shell. Optional parameters are left out, except those that say what an example is."""
    address, query = path, []
    for one in details["parameters"]:
        example = one.get("example", (one.get("examples") or one["schema"].get("examples") or [None])[0])
        if one["in"] == "path":
            address = address.replace(f"{{{one['name']}}}", str(example or 1))
        elif one["in"] == "query" and one.get("required") and example is not None:
            query.append(f"{one['name']}={example}")
    lines = ["curl" + ("" if method == "GET" else f" -X {method}")]
    if details.get("security") and {} not in details["security"]:
        lines.append(f'-H "Authorization: Bearer {TOKEN}"')
    content = details.get("requestBody", {}).get("content", {})
    if method != "GET":
        lines.append(f'-H "{HEADER}: $(uuidgen)"')
    if JSON in content:
        sent = json.dumps(content[JSON].get("example", {}), ensure_ascii=False)
        lines += [f'-H "Content-Type: {JSON}"', f"-d {shlex.quote(sent)}"]
    elif MULTIPART in content:
        lines.append("-F file=@photo.jpg")
    if query:
        lines.insert(1, "-G")
        lines += [f"--data-urlencode {shlex.quote(one)}" for one in query]
    if any("image/jpeg" in answer.get("content", {}) for answer in details["responses"].values()):
        lines.append("-o photo.jpg")
    lines.append(shlex.quote(origin + address))
    return " \\\n  ".join(lines)


def _rows(schema: dict[str, Any], known: dict[str, Any]) -> Iterator[Row]:
    schema = _resolved(schema, known)
    required = schema.get("required", [])
    for name, details in schema.get("properties", {}).items():
        yield _row(name, details, name in required, known)


def _row(name: str, details: dict[str, Any], required: bool, known: dict[str, Any]) -> Row:
    schema = details.get("schema", details)
    return Row(name, _kind(schema, known), required, details.get("description") or "")


def _kind(schema: dict[str, Any], known: dict[str, Any]) -> str:
    """The kind of a value in a word or two."""
    if choices := [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]:
        return _kind(choices[0], known)
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        target = _resolved(schema, known)
        return _kind(target, known) if "enum" in target else str(name)
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}), known)}]"
    return str(schema.get("format") or schema.get("type") or "")


def _resolved(schema: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = known.get(schema.get("$ref", "").rpartition("/")[2], schema)
    return found
