"""Addresses of the insight room."""

from django.urls import path

from bihuan.insight import views

app_name = "insight"
urlpatterns = [
    path("numbers/", views.numbers, name="numbers"),
    path("numbers/cases/", views.behind, name="behind"),
    path("numbers/export/", views.workbook, name="export"),
    path("numbers/weights/", views.weights, name="weights"),
]
