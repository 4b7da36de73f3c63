"""Addresses of the pages about tokens; the interface itself is put together in bihuan.config.api."""

from django.urls import path

from bihuan.api import views

app_name = "api"
urlpatterns = [
    path("me/tokens/", views.tokens, name="tokens"),
    path("me/tokens/new/", views.new_token, name="new_token"),
    path("me/tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
    path("tokens/", views.all_tokens, name="all_tokens"),
]
