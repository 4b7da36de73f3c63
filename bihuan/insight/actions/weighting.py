"""Weighing the indicators of the composite score 综合得分."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from bihuan.audit import record
from bihuan.core.clock import now
from bihuan.core.verdicts import no
from bihuan.insight import rules
from bihuan.insight.catalogue import INDICATORS
from bihuan.insight.models import Weighting

MOST = 100


@transaction.atomic
def set_weights(starts_on: date, *, by: Any, weights: dict[str, int]) -> Weighting:
    """Say what counts how much in the scores of units, for periods that begin on that day or later.

    Scores of periods that began before stay as they are, and those of closed periods stay for good.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Weighting._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
    verdict = rules.may_weigh_from(starts_on, by).enforce()
    wanted = {code: weight for code, weight in weights.items() if weight}
    if any(not INDICATORS[code].weighs or not 0 < weight <= MOST for code, weight in wanted.items()):
        no("insight.weight_out_of_range", _("A weight is a whole number from 0 to 100.")).enforce()
    if not wanted:
        no("insight.nothing_weighs", _("At least one indicator must weigh something.")).enforce()
    weighting, _made = Weighting.objects.update_or_create(
        starts_on=starts_on, defaults={"weights": wanted, "made_at": now(), "made_by": by}
    )
    record(
        "weights.set",
        weighting,
        by=by,
        on_behalf_of=verdict.on_behalf_of,
        starts_on=starts_on.isoformat(),
        weights=wanted,
    )
    return weighting
