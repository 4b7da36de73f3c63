"""The catalogue of indicators for the help, under its headings."""

from typing import Any

from django import template

from bihuan.insight.catalogue import GROUPS, INDICATORS

register = template.Library()


@register.simple_tag
def indicators_by_group() -> list[tuple[Any, list[Any]]]:
    return [
        (name, [found for found in INDICATORS.values() if found.group == group])
        for group, name in GROUPS.items()
    ]
