"""The verbs of the loop: each locks the case, asks the rules, changes it and records it, all at once."""

from bihuan.cases.actions.appealing import (
    appeal_case,
    appeal_report,
    decide_appeal,
)
from bihuan.cases.actions.batching import carry_out_batch, start_batch
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
from bihuan.cases.actions.doubting import doubt_photos
from bihuan.cases.actions.erasing import erase_contacts
from bihuan.cases.actions.exporting import ask_export, expire_export, fetch_export, finish_export
from bihuan.cases.actions.handling import (
    acknowledge_case,
    ask_extension,
    assign_case,
    decide_extension,
    resolve_case,
    return_case,
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
from bihuan.cases.actions.joint import (
    acknowledge_assistance,
    ask_assistance,
    finish_assistance,
    follow_unit,
    redo_assistance,
    withdraw_assistance,
)
from bihuan.cases.actions.merging import merge_case, unmerge_case
from bihuan.cases.actions.personal import (
    correct_report,
    erase_report,
    read_contact,
    unlink_reports,
    withdraw_consent,
)
from bihuan.cases.actions.rechecking import draw_recheck, recheck_case
from bihuan.cases.actions.replying import change_reply, delete_reply, write_reply
from bihuan.cases.actions.saving import change_view, delete_view, move_view, save_view
from bihuan.cases.actions.supervising import (
    answer_supervision,
    arrive_on_site,
    contact_reporters,
    supervise_case,
    take_back_verification,
)
from bihuan.cases.actions.ticking import close_undrawn_case, take_due_steps
from bihuan.cases.actions.ticking_joint import take_due_assistance_steps
from bihuan.cases.actions.ticking_reviews import take_due_review_steps
from bihuan.cases.actions.waiting import backlog_case, resume_case, review_backlog, suspend_case
from bihuan.cases.actions.whistling import (
    answer_rating,
    answer_whistle,
    attend_whistle,
    blow_whistle,
    call_off_whistle,
    rate_department,
    rule_whistle,
)

__all__ = [
    "acknowledge_assistance",
    "acknowledge_case",
    "answer_rating",
    "answer_report",
    "answer_supervision",
    "answer_whistle",
    "appeal_case",
    "appeal_report",
    "arrive_on_site",
    "ask_assistance",
    "ask_export",
    "ask_extension",
    "assign_case",
    "attend_whistle",
    "backlog_case",
    "blow_whistle",
    "call_back_case",
    "call_off_whistle",
    "carry_out_batch",
    "change_reply",
    "change_view",
    "close_case",
    "close_undrawn_case",
    "contact_reporters",
    "correct_report",
    "create_matter",
    "decide_appeal",
    "decide_extension",
    "decline_case",
    "delete_reply",
    "delete_view",
    "doubt_photos",
    "draw_recheck",
    "erase_contacts",
    "erase_report",
    "expire_export",
    "fetch_export",
    "file_case",
    "finish_assistance",
    "finish_export",
    "follow_unit",
    "import_catalogue",
    "inspect_case",
    "merge_case",
    "move_view",
    "name_unit",
    "rate_department",
    "read_contact",
    "recheck_case",
    "redo_assistance",
    "report_case",
    "resolve_case",
    "resume_case",
    "retire_matter",
    "return_case",
    "review_backlog",
    "revise_matter",
    "rework_case",
    "rule_whistle",
    "save_view",
    "self_handle_case",
    "send_to_verify",
    "spot_check_case",
    "start_batch",
    "supervise_case",
    "suspend_case",
    "take_back_verification",
    "take_due_assistance_steps",
    "take_due_review_steps",
    "take_due_steps",
    "unlink_reports",
    "unmerge_case",
    "verify_case",
    "withdraw_assistance",
    "withdraw_case",
    "withdraw_consent",
    "write_reply",
]
