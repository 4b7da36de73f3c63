"""What tests of pages share: a signed-in browser, and volume."""

from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case, Report
from bihuan.core.personal import blind_index


def client_of(person, language="en"):
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["django_language"] = language
    return client


def multiply(case, count):
    """Copies of a case and its report, written past the actions, for volume."""
    report = case.reports.get()
    rows = list(Case.objects.filter(pk=case.pk).values()) * count
    first = Case.objects.count()
    cases = []
    for step, row in enumerate(rows):
        fields = {name: value for name, value in row.items() if name not in ("id", "number")}
        cases.append(Case(number=f"990101-{first + step:07d}-0", **fields))
    cases = Case.objects.bulk_create(cases)
    Report.objects.bulk_create(
        Report(
            case=copy,
            at=report.at,
            channel=report.channel,
            words=report.words,
            phone=report.phone,
            phone_index=blind_index(report.phone) if report.phone else None,
            may_call=report.may_call,
        )
        for copy in cases
    )
    return cases


def address(case, verb):
    """The page of a verb."""
    return reverse(f"cases:{verb}", args=[case.number])
