"""Addresses of the intake room, channel by channel."""

from django.urls import include, path

app_name = "intake"
urlpatterns = [
    path("", include("bihuan.intake.web.urls")),
    path("", include("bihuan.intake.sheet.urls")),
]
