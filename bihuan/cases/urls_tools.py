"""Addresses of what makes the desk's work quicker: exports, batches, saved views, standard replies."""

from django.urls import path

from bihuan.cases.views import batches, exports, replies, saved

urlpatterns = [
    path("cases/batch/", batches.batch, name="batch"),
    path("cases/print/", batches.print_cases, name="print"),
    path("batches/<int:pk>/", batches.batch_result, name="batch_result"),
    path("batches/<int:pk>/go-on/", batches.go_on, name="batch_go_on"),
    path("views/", saved.saved_views, name="saved_views"),
    path("views/save/", saved.save_view, name="save_view"),
    path("views/<int:pk>/change/", saved.change_view, name="change_view"),
    path("views/<int:pk>/delete/", saved.delete_view, name="delete_view"),
    path("views/<int:pk>/move/", saved.move_view, name="move_view"),
    path("replies/", replies.replies, name="replies"),
    path("replies/new/", replies.new_reply, name="new_reply"),
    path("replies/<int:pk>/", replies.change_reply, name="change_reply"),
    path("replies/<int:pk>/delete/", replies.delete_reply, name="delete_reply"),
    path("exports/", exports.exports, name="exports"),
    path("exports/rows/", exports.export_rows, name="export_rows"),
    path("exports/ask/", exports.ask_export, name="ask_export"),
    path("exports/<int:pk>/fetch/", exports.fetch_export, name="fetch_export"),
    path("exports/<int:pk>/discard/", exports.discard_export, name="discard_export"),
]
