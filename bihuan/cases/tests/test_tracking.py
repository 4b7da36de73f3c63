"""What a visitor's browser remembers of the reports they follow."""

from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import reverse

from bihuan.cases import tracking

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def test_what_one_account_followed_is_not_shown_to_the_next_one_at_the_same_browser(
    client, make_case, resident, stranger
):
    report = make_case.report(by=resident)
    seen = RequestFactory().get("/")

    def followed_by(user):
        seen.user = user
        seen.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
        return tracking.followed(seen)

    client.force_login(resident, backend=BACKEND)
    client.get(reverse("cases:track", args=[report.tracking_code]))
    assert followed_by(resident) == [report.pk]
    assert followed_by(stranger) == followed_by(AnonymousUser()) == []
    client.logout()
    client.get(reverse("cases:track", args=[report.tracking_code]))
    assert followed_by(AnonymousUser()) == followed_by(stranger) == [report.pk]


def test_a_cookie_that_somebody_wrote_themselves_follows_nothing(client, make_case):
    report = make_case.report()
    seen = RequestFactory().get("/")
    seen.user = AnonymousUser()
    seen.COOKIES = {tracking.NAME: f"0.{report.pk}:forged:signature"}
    assert tracking.followed(seen) == []
