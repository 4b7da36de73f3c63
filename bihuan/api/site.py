"""The interface as a whole: how requests are read and answered. The rooms add their operations."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.renderers import JSONRenderer

from bihuan.api.authentication import name_of_asker
from bihuan.api.once import HEADER, answer_once
from bihuan.api.parsing import StrictParser
from bihuan.api.problems import HANDLERS, invalid, plain
from bihuan.core.text import normalise

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
        self.add_decorator(_judged, mode="view")

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


def taken_by(operation: Operation) -> list[str]:
    """The media types that an operation takes; none when it takes no body."""
    kinds = {"body": JSON, "file": MULTIPART}
    sources = [str(model.__ninja_param_source__) for model in operation.models]
    return [kinds[source] for source in sources if source in kinds]


def asked_in_address(operation: Operation) -> set[str]:
    """The names that an operation knows after the question mark."""
    known = (model for model in operation.models if model.__ninja_param_source__ == "query")
    return {str(name) for model in known for name in model.__ninja_flatten_map__}


def _judged(run: Run) -> Run:
    """Judge a request by its outside, and let a write with an Idempotency-Key happen once."""
    operation: Operation = run.__self__  # type: ignore[attr-defined]
    taken, known = taken_by(operation), asked_in_address(operation)

    @wraps(run)
    def judged(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        fault = _fault_outside(request, taken, known)
        if fault is not None:
            return fault
        key = request.headers.get(HEADER) if request.method != "GET" else None
        who = name_of_asker(request) if key is not None else None
        if key is None or who is None:
            return run(request, **kwargs)
        return answer_once(request, who, key, lambda: run(request, **kwargs))

    return judged


def _fault_outside(request: HttpRequest, taken: list[str], known: set[str]) -> HttpResponse | None:
    """What can be said before a request is read: a name nobody knows, the kind and length of its body."""
    if unknown := sorted(request.GET.keys() - known):
        told = _("There is no such parameter.")
        return invalid({normalise(name)[:100] or "?": [told] for name in unknown[:20]})
    written = request.META.get("CONTENT_LENGTH") or ""
    length = int(written) if written.isdecimal() else 0
    if not taken or not length:
        return None
    if request.content_type not in taken:
        return plain(415, {"Accept-Post": ", ".join(taken)})
    return plain(413) if length > LARGEST[request.content_type] else None
