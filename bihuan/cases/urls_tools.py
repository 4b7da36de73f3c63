"""Addresses of what makes the desk's work quicker: exports, batches, saved views, standard replies."""

from django.urls import path

from bihuan.cases.views import exports

urlpatterns = [
    path("exports/", exports.exports, name="exports"),
    path("exports/rows/", exports.export_rows, name="export_rows"),
    path("exports/ask/", exports.ask_export, name="ask_export"),
    path("exports/<int:pk>/fetch/", exports.fetch_export, name="fetch_export"),
    path("exports/<int:pk>/discard/", exports.discard_export, name="discard_export"),
]
