"""Every address of the site, room by room."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    *(
        path("", include(f"bihuan.{room}.urls"))
        for room in settings.ROOMS
        if find_spec(f"bihuan.{room}.urls")
    ),
]
