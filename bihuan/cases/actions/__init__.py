"""The verbs of the loop: each locks the case, asks the rules, changes it and records it, all at once."""

from bihuan.cases.actions.catalogue import (
    create_matter,
    import_catalogue,
    name_unit,
    retire_matter,
    revise_matter,
)
from bihuan.cases.actions.checking import (
    answer_report,
    call_back_case,
    close_case,
    inspect_case,
    rework_case,
    spot_check_case,
)
from bihuan.cases.actions.erasing import erase_contacts
from bihuan.cases.actions.handling import (
    acknowledge_case,
    ask_extension,
    assign_case,
    decide_extension,
    resolve_case,
    resume_case,
    return_case,
    suspend_case,
)
from bihuan.cases.actions.intake import (
    decline_case,
    file_case,
    report_case,
    self_handle_case,
    send_to_verify,
    verify_case,
    withdraw_case,
)
from bihuan.cases.actions.ticking import close_undrawn_case, take_due_steps

__all__ = [
    "acknowledge_case",
    "answer_report",
    "ask_extension",
    "assign_case",
    "call_back_case",
    "close_case",
    "close_undrawn_case",
    "create_matter",
    "decide_extension",
    "decline_case",
    "erase_contacts",
    "file_case",
    "import_catalogue",
    "inspect_case",
    "name_unit",
    "report_case",
    "resolve_case",
    "resume_case",
    "retire_matter",
    "return_case",
    "revise_matter",
    "rework_case",
    "self_handle_case",
    "send_to_verify",
    "spot_check_case",
    "suspend_case",
    "take_due_steps",
    "verify_case",
    "withdraw_case",
]
