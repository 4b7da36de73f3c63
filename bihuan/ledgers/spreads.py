"""Figures in the ways that an overview shows them: as a whole, by team and area, by choice, day by day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Sum

from bihuan.ledgers.models import Campaign, Change

# Each row is read for what is asked of its figure, and for nothing else.
SPREAD = (
    "WITH change AS NOT MATERIALIZED (SELECT * FROM ledgers_change WHERE campaign_id = %(campaign)s"
    " AND day <= %(day)s AND (%(teams)s::bigint[] IS NULL OR team = ANY(%(teams)s)))"
    " SELECT 'whole', figure, NULL, SUM(amount) FROM change WHERE figure = ANY(%(whole)s) GROUP BY figure"
    " UNION ALL SELECT CASE GROUPING(team) WHEN 0 THEN 'team' ELSE 'area' END, figure,"
    " COALESCE(team, area)::text, SUM(amount)"
    " FROM change WHERE figure = ANY(%(split)s) GROUP BY GROUPING SETS ((figure, team), (figure, area))"
    " UNION ALL SELECT 'key', figure, key, SUM(amount)"
    " FROM change WHERE figure = ANY(%(keyed)s) AND key <> '' GROUP BY figure, key"
)


def totals(campaign: Campaign, codes: Iterable[str], day: date) -> dict[str, Decimal]:
    """What these figures came to at the end of a day, as a whole."""
    rows = Change.objects.filter(campaign=campaign, figure__in=list(codes), day__lte=day)
    return dict(rows.values_list("figure").annotate(total=Sum("amount")))


def course(
    campaign: Campaign, figure: str, day: date, *, teams: Iterable[int] | None = None
) -> dict[date, Decimal]:
    """By how much a figure changed on each day until this one, in their order."""
    rows = Change.objects.filter(campaign=campaign, figure=figure, day__lte=day)
    if teams is not None:
        rows = rows.filter(team__in=list(teams))
    return dict(rows.values_list("day").annotate(total=Sum("amount")).order_by("day"))


@dataclass(frozen=True)
class Spread:
    """Figures at the end of a day: each as a whole, some by team and area, some by their own choices."""

    total: Mapping[str, Decimal]
    by_team: Mapping[tuple[str, int], Decimal]
    by_area: Mapping[tuple[str, int], Decimal]
    by_key: Mapping[tuple[str, str], Decimal]


def spread(
    campaign: Campaign,
    codes: Iterable[str],
    day: date,
    *,
    split: Iterable[str] = (),
    keyed: Iterable[str] = (),
    teams: Iterable[int] | None = None,
) -> Spread:
    """These figures as a whole; those of `split` by team and area too, those of `keyed` by their choices."""
    by_place, by_choice = set(split), list(keyed)
    given: dict[str, Any] = {
        "campaign": campaign.pk,
        "day": day,
        "teams": None if teams is None else list(teams),
        "whole": list(set(codes) - by_place),
        "split": list(by_place),
        "keyed": by_choice,
    }
    found: dict[str, dict[Any, Decimal]] = {"whole": {}, "team": {}, "area": {}, "key": {}}
    with connection.cursor() as cursor:
        cursor.execute(SPREAD, given)
        for way, figure, part, amount in cursor.fetchall():
            if amount and way == "whole":
                found[way][figure] = amount
            elif amount:
                found[way][figure, part if way == "key" else int(part)] = amount
    for (figure, _team), amount in found["team"].items():  # every item is in one team, or in none
        found["whole"][figure] = found["whole"].get(figure, Decimal(0)) + amount
    return Spread(found["whole"], found["team"], found["area"], found["key"])
