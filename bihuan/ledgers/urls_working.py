"""Addresses of board, table, map, route list, item and today's work."""

from django.urls import URLPattern

from bihuan.ledgers import converters as converters

urlpatterns: list[URLPattern] = []
