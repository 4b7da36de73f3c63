"""Every address of the site, room by room."""

from importlib.util import find_spec
from typing import Never

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import include, path, re_path
from django.views.generic import TemplateView

WITH_EMAIL = r"^account/(email|confirm-email|password/reset/key|password/reset/done)/"
FORGOTTEN = TemplateView.as_view(template_name="account/password_reset.html")


def no_email(request: HttpRequest, what: str) -> Never:
    """Accounts have no e-mail address: what could be done with one does not exist."""
    raise Http404


handler500 = "bihuan.core.views.broken"

urlpatterns = [
    re_path(WITH_EMAIL, no_email, name="no_email"),
    path("account/password/reset/", FORGOTTEN, name="account_reset_password"),
    path("account/", include("allauth.urls")),
    *(
        path("", include(f"bihuan.{room}.urls"))
        for room in settings.ROOMS
        if find_spec(f"bihuan.{room}.urls")
    ),
]
