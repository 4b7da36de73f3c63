"""Addresses of the inbox."""

from django.urls import path

from bihuan.notices import views

app_name = "notices"
urlpatterns = [
    path("inbox/", views.index, name="index"),
    path("inbox/unread/", views.unread, name="unread"),
    path("inbox/read/", views.mark_all_read, name="mark_all_read"),
    path("inbox/<int:pk>/", views.show, name="show"),
]
