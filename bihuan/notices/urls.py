"""Addresses of the inbox, of one's own settings, and of the messages that failed."""

from django.urls import path

from bihuan.notices.views import failed, inbox, own

app_name = "notices"
urlpatterns = [
    path("inbox/", inbox.index, name="index"),
    path("inbox/unread/", inbox.unread, name="unread"),
    path("inbox/read/", inbox.mark_all_read, name="mark_all_read"),
    path("inbox/<int:pk>/", inbox.show, name="show"),
    path("me/notices/", own.settings, name="settings"),
    path("me/notices/wishes/", own.set_wishes, name="set_wishes"),
    path("me/notices/<slug:channel>/", own.name_address, name="name_address"),
    path("me/notices/<slug:channel>/confirm/", own.confirm_address, name="confirm_address"),
    path("me/notices/<slug:channel>/remove/", own.remove_address, name="remove_address"),
    path("failed-messages/", failed.index, name="failed"),
    path("failed-messages/again/", failed.send_all_again, name="send_all_again"),
    path("failed-messages/<int:pk>/again/", failed.send_again, name="send_again"),
]
