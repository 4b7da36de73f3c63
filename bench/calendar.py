"""(e) Working time: the calendar against a loop over the days."""

from datetime import UTC, datetime, timedelta
from random import Random

from bench.timing import timed

LIMITS = 2_000


def measure() -> dict[str, float]:
    """Microseconds for a limit added and a span measured, by us and by the loop; how many answers differ."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_TZ=True)
        django.setup()
    from bihuan.core.calendar import DEFAULT_ZONE, WorkingCalendar

    calendar = WorkingCalendar()

    def add_by_days(start: datetime, seconds: int) -> datetime:
        """What one writes first: go from day to day until the limit is used up."""
        day = start.astimezone(DEFAULT_ZONE).date()
        while True:
            for opens, closes in calendar.spans_on(day):
                first = max(start, datetime.combine(day, opens, DEFAULT_ZONE))
                last = datetime.combine(day, closes, DEFAULT_ZONE)
                there = (last - first).total_seconds()
                if there >= seconds:
                    return (first + timedelta(seconds=seconds)).astimezone(UTC)
                seconds -= max(0, int(there))
            day += timedelta(days=1)

    def between_by_days(start: datetime, end: datetime) -> int:
        day, work = start.astimezone(DEFAULT_ZONE).date(), 0.0
        while day <= end.astimezone(DEFAULT_ZONE).date():
            for opens, closes in calendar.spans_on(day):
                first = max(start, datetime.combine(day, opens, DEFAULT_ZONE))
                last = min(end, datetime.combine(day, closes, DEFAULT_ZONE))
                work += max(0.0, (last - first).total_seconds())
            day += timedelta(days=1)
        return int(work)

    chance = Random(4)
    start = datetime(2024, 1, 1, tzinfo=UTC)
    cases = [
        (start + timedelta(seconds=chance.randrange(2 * 365 * 86_400)), chance.randrange(1, 60 * 7 * 3_600))
        for _ in range(LIMITS)
    ]
    calendar.add(*cases[0])
    ours, added = timed(lambda: [calendar.add(at, seconds) for at, seconds in cases])
    theirs, added_slowly = timed(lambda: [add_by_days(at, seconds) for at, seconds in cases])
    spans = [(at, end) for (at, _seconds), end in zip(cases, added, strict=True)]
    between, measured = timed(lambda: [calendar.between(at, end) for at, end in spans])
    slowly, measured_slowly = timed(lambda: [between_by_days(at, end) for at, end in spans])
    differing = sum(one != other for one, other in zip(added, added_slowly, strict=True))
    differing += sum(one != other for one, other in zip(measured, measured_slowly, strict=True))
    return {
        "add": 1e6 * ours / LIMITS,
        "add_loop": 1e6 * theirs / LIMITS,
        "between": 1e6 * between / LIMITS,
        "between_loop": 1e6 * slowly / LIMITS,
        "differing": float(differing),
    }


if __name__ == "__main__":
    import json

    print(json.dumps(measure()))
