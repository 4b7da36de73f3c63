"""`{{ value|amount }}`: an amount as people write it, without zeros at its end; nothing known is —."""

from decimal import Decimal

from django.template import Library
from django.utils.formats import number_format

register = Library()


@register.filter
def amount(value: Decimal | int | None) -> str:
    if value is None:
        return "—"
    plain = Decimal(value).normalize()
    places = max(0, -int(plain.as_tuple().exponent))
    return number_format(plain, decimal_pos=places, use_l10n=True, force_grouping=abs(plain) >= 10_000)
