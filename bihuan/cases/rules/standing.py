"""Who somebody is to a case: of its unit, its reporter, one who works on cases at all."""

from typing import Any

from bihuan.accounts.models import DutyKind
from bihuan.accounts.rules import held as held_by
from bihuan.cases.models import Case


def is_handler_of(case: Case, by: Any) -> bool:
    """Whether somebody, or a person they stand in for, took part in handling it or is of one of its units.

    A unit that only assisted, or was whistled for, has had a hand in it as well.
    """
    hats = {by.pk, *(held.on_behalf_of.pk for held in by.duties_now() if held.on_behalf_of)}
    if hats & set(case.handlers):
        return True
    return any(held.unit is not None and held.unit.pk in case.units for held in by.duties_now())


def may_reopen(case: Case) -> bool:
    """“Not solved” re-opens a case once."""
    return not case.reopened


def has_consenting_reporter(case: Case) -> bool:
    """Whether somebody who reported it left a phone number and agreed to be called."""
    return any(report.may_call and report.phone_index for report in case.reports.all())


def works_on_cases(by: Any) -> bool:
    """Whether somebody's duties let them see cases at all."""
    return getattr(by, "is_authenticated", False) and any(
        held.kind != DutyKind.ADMINISTRATOR for held in by.duties_now()
    )


def goes_out(by: Any) -> bool:
    """Whether somebody walks a grid: they report and act on their phone, standing in front of it."""
    return bool(held_by(by, DutyKind.GRID_WORKER))
