"""Addresses of ledgers, their editions and campaigns."""

from django.urls import URLPattern

from bihuan.ledgers import converters as converters

urlpatterns: list[URLPattern] = []
