"""Addresses that belong to no room: language switch, help, health."""

from django.urls import path
from django.views.i18n import set_language

from bihuan.core import views

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("help/", views.show_help, name="help"),
    path("help/<slug:code>/", views.show_help, name="help_topic"),
    path("health/", views.health, name="health"),
]
