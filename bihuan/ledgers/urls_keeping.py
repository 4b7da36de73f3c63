"""Addresses of ledgers, their editions and campaigns."""

from django.urls import URLPattern, path

from bihuan.ledgers import converters as converters
from bihuan.ledgers.views import campaigns

urlpatterns: list[URLPattern] = [
    path("ledgers/", campaigns.index, name="index"),
    path("ledgers/<campaign:number>/", campaigns.show, name="campaign"),
]
