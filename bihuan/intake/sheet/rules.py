"""Who may bring in a workbook, and what may still be done with it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind
from bihuan.accounts.rules import held
from bihuan.core.verdicts import YES, Verdict, no, yes
from bihuan.intake.models import ImportState, SheetImport
from bihuan.territory.models import Area
from bihuan.territory.queries import areas_by_id, desk_of

KEPT_AFTER = 30  # days a workbook is kept after its import, so that refused rows can be fetched
KEPT_WAITING = 7  # days it waits for its confirmation
STILL = 180  # seconds without progress after which the page says so


def may_import(by: Any, area: Area | None = None) -> Verdict:
    """Whether somebody may bring in reports for this area (or at all). Nobody (None) is the command line."""
    if by is None:
        return YES
    duty = held(by, DutyKind.CLERK, area=area)
    if duty:
        return yes(duty)
    return no("sheet.not_your_duty", _("Only an intake clerk of this area can import reports for it."))


def may(verb: str, sheet_import: SheetImport, by: Any) -> Verdict:
    """Whether this person may confirm, discard, or fetch the refused rows of an import."""
    verdict = may_import(by, None if by is not None and sheet_import.by_id == by.pk else sheet_import.area)
    if not verdict:
        return verdict
    if verb in ("confirm", "discard") and sheet_import.state != ImportState.UPLOADED:
        return no(
            "sheet.wrong_state", _("This import is %(state)s.") % {"state": sheet_import.get_state_display()}
        )
    if verb == "fetch" and not sheet_import.is_finished:
        return no("sheet.not_finished", _("The import is not finished yet."))
    return verdict


def desks_for(by: Any) -> list[Area]:
    """Where this clerk may send rows that have no place of their own: their own desk first."""
    areas = [duty.area for duty in by.duties_now() if duty.kind == DutyKind.CLERK and duty.area]
    own = [desk_of(area) if desk_of(area).path.startswith(area.path) else area for area in areas]
    below = [
        area
        for area in areas_by_id().values()
        if area.has_desk and any(area.path.startswith(reached.path) for reached in areas)
    ]
    below.sort(key=lambda area: (area.depth, area.code))
    return list({area.pk: area for area in [*own, *below]}.values())
