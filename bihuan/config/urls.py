"""Every address of the site, room by room."""

from importlib.util import find_spec
from typing import Never

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import include, path, re_path
from django.views.generic import TemplateView

from bihuan.api.views import docs, openapi, unknown
from bihuan.config.api import site

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
    path("api/", docs, {"site": site}, name="api_docs"),
    path("api/v1/docs", docs, {"site": site}, name="api_docs_v1"),
    path("api/v1/openapi.json", openapi, {"site": site}, name="api_document"),
    path("api/v1/", site.urls),
    path("api/<path:rest>", unknown, name="api_unknown"),
    *(
        path("", include(f"bihuan.{room}.urls"))
        for room in settings.ROOMS
        if find_spec(f"bihuan.{room}.urls")
    ),
]
