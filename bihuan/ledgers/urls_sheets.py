"""Addresses of import, export, money, and the page of a household."""

from django.urls import URLPattern

from bihuan.ledgers import converters as converters

urlpatterns: list[URLPattern] = []
