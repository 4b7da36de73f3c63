"""Addresses of the ledgers room."""

from bihuan.ledgers import urls_editing, urls_keeping, urls_sheets, urls_working

app_name = "ledgers"
urlpatterns = [
    *urls_editing.urlpatterns,  # before the addresses in which a ledger's code may be anything
    *urls_keeping.urlpatterns,
    *urls_sheets.urlpatterns,
    *urls_working.urlpatterns,
]
