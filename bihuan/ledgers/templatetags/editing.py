"""Looks up the small form that belongs to a box: `{{ form.builders|of:box.name }}`."""

from collections.abc import Mapping
from typing import Any

from django.template import Library

register = Library()


@register.filter
def of(found: Mapping[str, Any], name: str) -> Any:
    return found.get(name)
