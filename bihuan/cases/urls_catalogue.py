"""Addresses of the catalogue pages."""

from django.urls import path

from bihuan.cases.views import catalogue

urlpatterns = [
    path("catalogue/", catalogue.index, name="catalogue"),
    path("catalogue/new/", catalogue.new, name="new_matter"),
    path("catalogue/search/", catalogue.search, name="matter_search"),
    path("catalogue/import/", catalogue.upload, name="import_catalogue"),
    path("catalogue/import/confirm/", catalogue.confirm, name="confirm_catalogue"),
    path("catalogue/export/", catalogue.export, name="export_catalogue"),
    path("catalogue/template/", catalogue.template, name="catalogue_template"),
    path("catalogue/<int:pk>/", catalogue.show, name="matter"),
    path("catalogue/<int:pk>/revise/", catalogue.revise, name="revise_matter"),
    path("catalogue/<int:pk>/retire/", catalogue.retire, name="retire_matter"),
    path("catalogue/<int:pk>/restore/", catalogue.restore, name="restore_matter"),
    path("catalogue/<int:pk>/name-unit/", catalogue.name_unit, name="name_unit"),
    path("catalogue/<int:pk>/drop-unit/", catalogue.drop_unit, name="drop_unit"),
]
