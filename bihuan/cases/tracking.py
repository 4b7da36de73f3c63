"""Which cases a visitor follows by tracking code: remembered in the session, so that photos show as well."""

from django.http import HttpRequest

from bihuan.cases.models import Report

KEY = "followed_cases"
AT_MOST = 50


def follow(request: HttpRequest, report: Report) -> None:
    """Remember that this visitor has shown the tracking code of a report."""
    known = followed(request)
    if report.case_id not in known[-1:]:  # reading the page again writes nothing
        others = [pk for pk in known if pk != report.case_id]
        request.session[KEY] = [*others, report.case_id][-AT_MOST:]


def followed(request: HttpRequest) -> list[int]:
    return list(request.session.get(KEY, []))
