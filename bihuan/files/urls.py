"""Addresses of files."""

from django.urls import path

from bihuan.files import views

app_name = "files"
urlpatterns = [
    path("files/<int:pk>/", views.show, name="show"),
    path("files/<int:pk>/thumbnail/", views.thumbnail, name="thumbnail"),
    path("files/kept/<str:ticket>/", views.kept, name="kept"),
]
