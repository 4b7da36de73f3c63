"""Figures follow the cases: one job for each event, and each night what no event brings."""

from datetime import timedelta

from bihuan.audit import every, on
from bihuan.audit.models import Entry
from bihuan.core.clock import today
from bihuan.insight import actions, queries
from bihuan.insight.events import EVENTS


@on(*sorted(EVENTS))
def count(entry: Entry) -> None:
    actions.count_case(entry.subject_id, seq=entry.seq)


@every("day")
def close_the_day() -> None:
    """Count what was missed, then write down what stood open, then make final what is long enough over."""
    actions.count_missed()
    actions.count_open(queries.nights_missing(today() - timedelta(days=1)))
    actions.close_periods()
