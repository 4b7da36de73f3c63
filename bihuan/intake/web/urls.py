"""Addresses of the web channel."""

from django.urls import path

from bihuan.intake.web import views

urlpatterns = [
    path("report/", views.report, name="report"),
    path("report/<str:code>/received/", views.received, name="received"),
]
