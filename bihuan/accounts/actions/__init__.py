"""What administrators do for people, units, duties and leave, and what people do for their own account."""

from bihuan.accounts.actions.accounts import (
    change_person,
    create_first_administrator,
    create_person,
    deactivate_person,
    reactivate_person,
    reset_second_factors,
    set_password,
)
from bihuan.accounts.actions.covers import arrange_cover, cancel_cover
from bihuan.accounts.actions.duties import end_duty, give_duty
from bihuan.accounts.actions.imports import import_people, note_export
from bihuan.accounts.actions.own import (
    change_own_password,
    erase_account,
    note_refused_sign_in,
    note_sign_in,
    set_language,
    sign_out_everywhere,
)
from bihuan.accounts.actions.units import change_unit, create_unit

__all__ = [
    "arrange_cover",
    "cancel_cover",
    "change_own_password",
    "change_person",
    "change_unit",
    "create_first_administrator",
    "create_person",
    "create_unit",
    "deactivate_person",
    "end_duty",
    "erase_account",
    "give_duty",
    "import_people",
    "note_export",
    "note_refused_sign_in",
    "note_sign_in",
    "reactivate_person",
    "reset_second_factors",
    "set_language",
    "set_password",
    "sign_out_everywhere",
]
