"""Addresses of the territory."""

from django.urls import path

from bihuan.territory.views import areas, imports, maps, places, worktime

app_name = "territory"
urlpatterns = [
    path("areas/", areas.index, name="areas"),
    path("areas/new/", areas.new, name="new_area"),
    path("areas/import/", imports.divisions, name="import_divisions"),
    path("areas/import-boundaries/", imports.boundaries, name="import_boundaries"),
    path("areas/boundaries.json", maps.boundaries, name="boundaries"),
    path("areas/<int:pk>/", areas.show, name="area"),
    path("areas/<int:pk>/change/", areas.change, name="change_area"),
    path("areas/<int:pk>/boundary/", areas.boundary, name="change_boundary"),
    path("areas/<int:pk>/retire/", areas.retire, name="retire_area"),
    path("places/", places.index, name="places"),
    path("places/new/", places.new, name="new_place"),
    path("places/search/", maps.place_search, name="place_search"),
    path("places/<int:pk>/", places.show, name="place"),
    path("calendar/", worktime.calendar, name="calendar"),
    path("calendar/<int:year>/", worktime.calendar, name="calendar_year"),
    path("calendar/set-day/", worktime.set_day, name="set_day"),
    path("calendar/days/<str:day>/remove/", worktime.remove_day, name="remove_day"),
    path("calendar/set-hours/", worktime.set_hours, name="set_hours"),
]
