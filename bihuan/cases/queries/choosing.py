"""What programs choose from: the matters and the units, for everybody who holds a duty."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from bihuan.accounts.models import Unit
from bihuan.cases.models import Matter
from bihuan.cases.queries.catalogue import may_find_matters


def matters_in_use(user: Any) -> QuerySet[Matter]:
    """The catalogue as it is now; each knows whether a case can be filed under it."""
    parts = Matter.objects.filter(parent=OuterRef("pk"), retired_at=None)
    matters = Matter.objects.filter(retired_at=None).annotate(choosable=~Exists(parts))
    return matters if may_find_matters(user) else matters.none()


def units_to_name(user: Any) -> QuerySet[Unit]:
    """All units, which whoever assigns or returns a case has to name."""
    return Unit.objects.all() if may_find_matters(user) else Unit.objects.none()
