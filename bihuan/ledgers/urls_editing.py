"""Addresses of building a ledger on a page."""

from django.urls import URLPattern, path

from bihuan.ledgers import converters as converters
from bihuan.ledgers.views import editing

DRAFT = "ledgers/kinds/<str:code>/edit/"
PART = f"{DRAFT}<str:kind>/<path:key>/"  # a list of choices may be called yes/no

urlpatterns: list[URLPattern] = [
    path("ledgers/kinds/blank/", editing.blank, name="blank"),
    path(DRAFT, editing.edit, name="edit"),
    path(f"{DRAFT}keep/", editing.keep, name="keep_draft"),
    path(f"{DRAFT}rebase/", editing.rebase, name="rebase_draft"),
    path(f"{DRAFT}discard/", editing.discard, name="discard_draft"),
    path(f"{DRAFT}workbook/", editing.workbook, name="draft_workbook"),
    path(f"{DRAFT}check/", editing.check_expression, name="check_expression"),
    path(f"{DRAFT}preview/<str:step>/", editing.preview, name="preview_step"),
    path(f"{DRAFT}add/<str:kind>/", editing.add_part, name="add_part"),
    path(f"{PART}move/", editing.move_part, name="move_part"),
    path(f"{PART}remove/", editing.remove_part, name="remove_part"),
    path(PART, editing.part, name="part"),
]
