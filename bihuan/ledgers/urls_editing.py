"""Addresses of building a ledger on a page."""

from django.urls import URLPattern

from bihuan.ledgers import converters as converters

urlpatterns: list[URLPattern] = []
