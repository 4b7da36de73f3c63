"""The interface as a whole: how requests are read, answers written and errors told. The rooms add their operations."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.renderers import JSONRenderer

from bihuan.api.authentication import name_of_asker
from bihuan.api.once import HEADER, answer_once
from bihuan.api.parsing import StrictParser
from bihuan.api.problems import HANDLERS, plain

JSON, MULTIPART = "application/json", "multipart/form-data"
MEGABYTE = 1024 * 1024
LARGEST = {JSON: 2 * MEGABYTE, MULTIPART: 64 * MEGABYTE}

Run = Callable[..., HttpResponse]


class PlainJson(JSONRenderer):
    """Chinese as it is written, not as escapes three times as long."""

    json_dumps_params = {"ensure_ascii": False}


class Site(NinjaAPI):
    """One version of the interface."""

    def __init__(self, version: str):
        super().__init__(
            version=version,
            urls_namespace=f"v{version}",
            openapi_url=None,
            docs_url=None,
            renderer=PlainJson(),
            parser=StrictParser(),
        )
        for kind, handler in HANDLERS.items():
            self.add_exception_handler(kind, handler)
        self.add_decorator(_written_once, mode="view")

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


def taken_by(operation: Operation) -> list[str]:
    """The media types that an operation takes; none when it takes no body."""
    told = (operation.openapi_extra or {}).get("requestBody", {}).get("content", {})
    if told:
        return list(told)
    return [JSON] if any(model.__ninja_param_source__ == "body" for model in operation.models) else []


def _written_once(run: Run) -> Run:
    """Judge the body by its outside, and let a write with an Idempotency-Key happen once."""
    operation: Operation = run.__self__  # type: ignore[attr-defined]
    if "GET" in operation.methods:
        return run
    taken = taken_by(operation)

    @wraps(run)
    def written(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        fault = _fault_outside(request, taken)
        if fault is not None:
            return fault
        key, who = request.headers.get(HEADER), name_of_asker(request)
        if key is None or who is None:
            return run(request, **kwargs)
        return answer_once(request, who, key, lambda: run(request, **kwargs))

    return written


def _fault_outside(request: HttpRequest, taken: list[str]) -> HttpResponse | None:
    """What can be said of a body before it is read: its kind and its length."""
    told = request.META.get("CONTENT_LENGTH") or ""
    length = int(told) if told.isdecimal() else 0
    if not taken or not length:
        return None
    if request.content_type not in taken:
        return plain(415, {"Accept-Post": ", ".join(taken)})
    return plain(413) if length > LARGEST[request.content_type] else None
