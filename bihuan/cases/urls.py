"""Addresses of the cases room."""

from django.urls import path

from bihuan.cases import urls_catalogue, urls_tools
from bihuan.cases.views import acting, endings, following, joint, personal, supervision, working

app_name = "cases"
urlpatterns = [
    path("", working.home, name="home"),
    path("desk/", working.desk, name="desk"),
    path("desk/rows/", working.desk_rows, name="desk_rows"),
    path("cases/", working.index, name="index"),
    path("cases/map.json", working.on_map, name="map"),
    *urls_tools.urlpatterns,
    path("cases/<str:number>/", working.show, name="show"),
    path("cases/<str:number>/live/", working.live, name="live"),
    *acting.urlpatterns,
    *endings.urlpatterns,
    *supervision.urlpatterns,
    *joint.urlpatterns,
    path("my-reports/", working.mine, name="mine"),
    path("track/", following.find, name="find"),
    path("track/<str:code>/", following.track, name="track"),
    path("track/<str:code>/answer/", following.answer, name="answer"),
    path("track/<str:code>/appeal/", following.appeal, name="appeal"),
    path("track/<str:code>/withdraw/", following.withdraw, name="withdraw"),
    path("track/<str:code>/qr.svg", following.qr, name="qr"),
    *personal.urlpatterns,
    *urls_catalogue.urlpatterns,
]
