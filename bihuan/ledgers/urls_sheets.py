"""Addresses of import, export, money, and the page of a household."""

from django.urls import URLPattern, path

from bihuan.ledgers import converters as converters
from bihuan.ledgers.views import exports, household, money, sheets, sweeping

CAMPAIGN = "ledgers/<campaign:number>/"

urlpatterns: list[URLPattern] = [
    path(f"{CAMPAIGN}import/", sheets.index, name="import"),
    path(f"{CAMPAIGN}import/blank/", sheets.blank, name="blank_sheet"),
    path(f"{CAMPAIGN}import/<int:pk>/", sheets.show, name="import_sheet"),
    path(f"{CAMPAIGN}import/<int:pk>/check/", sheets.check, name="check_sheet"),
    path(f"{CAMPAIGN}import/<int:pk>/confirm/", sheets.confirm, name="confirm_sheet"),
    path(f"{CAMPAIGN}import/<int:pk>/discard/", sheets.discard, name="discard_sheet"),
    path(f"{CAMPAIGN}import/<int:pk>/progress/", sheets.progress, name="sheet_progress"),
    path(f"{CAMPAIGN}import/<int:pk>/refused/", sheets.refused, name="refused_rows"),
    path(f"{CAMPAIGN}export/", exports.index, name="exports"),
    path(f"{CAMPAIGN}export/rows/", exports.rows, name="export_rows"),
    path(f"{CAMPAIGN}export/ask/", exports.ask, name="ask_items"),
    path(f"{CAMPAIGN}export/<int:pk>/fetch/", exports.fetch, name="fetch_items"),
    path(f"{CAMPAIGN}export/<int:pk>/discard/", exports.discard, name="discard_items"),
    *money.urlpatterns,
    path("ledgers/sweep/<str:number>/", sweeping.of_case, name="sweep_case"),
    path("ledgers/<campaign:campaign>/<int:item>/sweep/", sweeping.of_item, name="sweep_item"),
    path("household/", household.find, name="household"),
    path("household/file/", household.show, name="household_file"),
    path("household/data/", household.export, name="household_data"),
    path("household/remark/", household.remark, name="household_remark"),
    path("household/leave/", household.leave, name="household_leave"),
    path("ledgers/<campaign:campaign>/<int:item>/household/", household.of_item, name="item_household"),
    path(
        "ledgers/<campaign:campaign>/<int:item>/household/<int:pk>/", household.answer, name="answer_remark"
    ),
]
