"""Which reports a visitor follows by tracking code: kept in the session, so that photos show as well."""

from django.http import HttpRequest

from bihuan.cases.models import Report

KEY = "followed_reports"
AT_MOST = 50


def follow(request: HttpRequest, report: Report) -> None:
    """Remember that this visitor has shown the tracking code of a report."""
    known = followed(request)
    if report.pk not in known[-1:]:  # reading the page again writes nothing
        others = [pk for pk in known if pk != report.pk]
        request.session[KEY] = [*others, report.pk][-AT_MOST:]


def followed(request: HttpRequest) -> list[int]:
    """The keys of these reports."""
    return list(request.session.get(KEY, []))
