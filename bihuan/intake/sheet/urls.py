"""Addresses of the sheet channel."""

from django.urls import path

from bihuan.intake.sheet import views

urlpatterns = [
    path("sheets/", views.index, name="sheets"),
    path("sheets/new/", views.new, name="new_sheet"),
    path("sheets/<int:pk>/", views.show, name="sheet"),
    path("sheets/<int:pk>/check/", views.check, name="check_sheet"),
    path("sheets/<int:pk>/confirm/", views.confirm, name="confirm_sheet"),
    path("sheets/<int:pk>/discard/", views.discard, name="discard_sheet"),
    path("sheets/<int:pk>/progress/", views.progress, name="sheet_progress"),
    path("sheets/<int:pk>/refused/", views.refused, name="refused_rows"),
]
