"""Pages that belong to no room."""

import sys

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from bihuan.core import help as helping
from bihuan.core.outage import database_is_away, disk_is_full, say_away


def health(request: HttpRequest) -> HttpResponse:
    """Says "ok" when the database answers; for load balancers and service files."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def broken(request: HttpRequest) -> HttpResponse:
    """What a visitor sees when something failed: the database, the disk, or our own code."""
    error = sys.exc_info()[1]
    if disk_is_full(error):
        return say_away(request, full=True)
    if database_is_away(error):
        return say_away(request)
    return HttpResponse(render_to_string("500.html"), status=500)


@require_safe
def show_help(request: HttpRequest, code: str = "") -> HttpResponse:
    """The contents of the help, or one topic beside them."""
    topic = helping.topic_for(request.user, code)
    if code and topic is None:
        raise Http404
    context = {"topic": topic, "groups": helping.topics_for(request.user)}
    return render(request, "core/help_topic.html" if topic else "core/help.html", context)
