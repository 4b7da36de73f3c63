"""Addresses of the audit room."""

from django.urls import path

from bihuan.audit import views

app_name = "audit"
urlpatterns = [
    path("reactions/", views.reactions, name="reactions"),
    path("reactions/<int:pk>/run-again/", views.run_again, name="run_again"),
]
