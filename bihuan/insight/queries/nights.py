"""Which nights have not been written down yet."""

from datetime import date, timedelta

from django.db.models import Max, Min

from bihuan.insight.models import OpenDay, Transition


def nights_missing(until: date) -> list[date]:
    """The days up to this one whose open cases are not counted yet: usually one, more after a standstill."""
    last = OpenDay.objects.aggregate(last=Max("day"))["last"]
    first = last + timedelta(days=1) if last else Transition.objects.aggregate(first=Min("day"))["first"]
    if first is None:
        return []
    return [first + timedelta(days=number) for number in range((until - first).days + 1)]
