"""`{% icon "clock" %}`: what `<c-icon name="clock" />` draws, for rows that repeat fifty times on a page."""

from functools import cache

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_vite.core.asset_loader import DjangoViteAssetLoader

register = Library()


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A decoration without words of its own."""
    sheet = DjangoViteAssetLoader.instance().generate_vite_asset_url("src/icons.svg")
    drawing = '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>'
    return format_html(drawing, sheet, name)
