"""Units, people and duties from a workbook, all or nothing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.accounts import rules
from bihuan.accounts.actions.accounts import change_person, create_person
from bihuan.accounts.actions.duties import end_duty, give_duty
from bihuan.accounts.actions.units import change_unit, create_unit
from bihuan.accounts.models import Unit, User
from bihuan.accounts.workbook import Plan, read_plan
from bihuan.audit import record
from bihuan.core.verdicts import no


@transaction.atomic
def import_people(content: bytes, *, name: str, by: User, skip_faulty: bool = False) -> Plan:
    """Take over a workbook's units, people and duties; rows already here are left as they are.

    A workbook with faulty rows is refused as a whole, unless its importer chose to leave those rows out.
    """
    verdict = rules.may("import_people", None, by).enforce()
    plan = read_plan(content, name)
    if plan.faults and not skip_faulty:
        no("accounts.import_faulty", _("Some rows have errors; nothing was imported.")).enforce()

    units = {unit.code: unit for unit in Unit.objects.with_places()}
    for line in plan.lines["units"]:
        _take_unit(line.outcome, line.values, units, by=by)
    hashes: dict[str, str] = {}
    people = {person.username: person for person in User.objects.all()}
    for line in plan.lines["people"]:
        _take_person(line.outcome, line.values, people, hashes, by=by)
    for line in plan.lines["duties"]:
        _take_duty(line.outcome, line.existing, line.values, people, units, by=by)

    record(
        "person.workbook_imported",
        by,
        by=by,
        on_behalf_of=verdict.on_behalf_of,
        file=name,
        **{
            f"{sheet}_new": sum(line.outcome == "new" for line in lines)
            for sheet, lines in plan.lines.items()
        },
        **{
            f"{sheet}_changed": sum(line.outcome == "changed" for line in lines)
            for sheet, lines in plan.lines.items()
        },
        faulty=len(plan.faults),
    )
    return plan


def _take_unit(outcome: str, values: dict[str, Any], units: dict[str, Unit], *, by: User) -> None:
    parent = units.get(values["parent"]) if values["parent"] else None
    if values["parent"] and parent is None:  # the row of the unit above was left out
        return
    fields = {key: values[key] for key in ("name", "name_en", "kind", "code", "area")}
    if outcome == "new":
        units[values["code"]] = create_unit(**fields, parent=parent, by=by)
    elif outcome == "changed":
        units[values["code"]] = change_unit(units[values["code"]], **fields, parent=parent, by=by)


def _take_person(
    outcome: str, values: dict[str, Any], people: dict[str, User], hashes: dict[str, str], *, by: User
) -> None:
    username, password = values["username"], values["password"]
    if outcome == "new":
        person = create_person(username=username, name=values["name"], phone=values["phone"], by=by)
        if password:
            # Hashing is slow on purpose, and a workbook often gives everybody the same first password.
            person.password = hashes.get(password) or make_password(password)
            hashes[password] = person.password
            person.password_is_temporary = True
            person.save(update_fields=["password", "password_is_temporary"])
        people[username] = person
    elif outcome == "changed":
        people[username] = change_person(people[username], name=values["name"], phone=values["phone"], by=by)


def _take_duty(
    outcome: str,
    existing: Any,
    values: dict[str, Any],
    people: dict[str, User],
    units: dict[str, Unit],
    *,
    by: User,
) -> None:
    person, unit = people.get(values["username"]), units.get(values["unit"])
    if person is None or (values["unit"] and unit is None):  # the row of the person or unit was left out
        return
    if outcome == "new":
        give_duty(
            person,
            kind=values["kind"],
            area=values["area"],
            unit=unit,
            starts_on=values["starts_on"],
            ends_on=values["ends_on"],
            by=by,
        )
    elif outcome == "changed":
        end_duty(existing, last_day=values["ends_on"], by=by)


@transaction.atomic
def note_export(*, by: User) -> None:
    """Note that somebody took out the list of people."""
    verdict = rules.may("import_people", None, by).enforce()
    person = User.objects.locked(by.pk)

    record("person.workbook_exported", person, by=by, on_behalf_of=verdict.on_behalf_of)
