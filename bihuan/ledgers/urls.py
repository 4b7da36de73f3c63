"""Addresses of the ledgers room."""

from bihuan.ledgers import urls_editing, urls_keeping, urls_sheets, urls_working

app_name = "ledgers"
urlpatterns = [
    *urls_keeping.urlpatterns,
    *urls_editing.urlpatterns,
    *urls_sheets.urlpatterns,
    *urls_working.urlpatterns,
]
