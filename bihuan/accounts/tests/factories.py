"""People and units for tests, made without asking the rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import Any

from bihuan.accounts.models import Duty, DutyKind, Unit, UnitKind, User
from bihuan.territory.models import Area

_numbers = count(1)
LONG_AGO = date(2020, 1, 1)


def make_person(
    name: str = "",
    *,
    username: str = "",
    duties: Iterable[tuple[str, Area | Unit]] = (),
    phone: str = "",
    **fields: Any,
) -> User:
    """A person who has held these duties for years: `make_person("王芳", duties=[("clerk", area)])`."""
    number = next(_numbers)
    person = User(name=name or f"人员{number}", username=username or f"person{number}", **fields)
    person.write_phone(phone)
    person.set_unusable_password()
    person.save()
    for kind, place in duties:
        hold(person, kind, place)
    return person


def hold(person: User, kind: str, place: Area | Unit, **fields: Any) -> Duty:
    """Let a person hold a duty since long ago."""
    where = {"unit": place} if kind == DutyKind.HANDLER else {"area": place}
    person.forget_duties()
    return Duty.objects.create(**({"person": person, "kind": kind, "starts_on": LONG_AGO} | where | fields))


def make_unit(
    name: str = "",
    *,
    kind: str = UnitKind.DEPARTMENT,
    code: str = "",
    parent: Unit | None = None,
    area: Area | None = None,
    name_en: str = "",
) -> Unit:
    number = next(_numbers)
    unit = Unit.objects.create(
        name=name or f"单位{number}",
        name_en=name_en,
        kind=kind,
        code=code or f"U{number:05}",
        parent=parent,
        area=area,
    )
    unit.path = f"{parent.path if parent else ''}{unit.pk}/"
    unit.save(update_fields=["path"])
    return unit
