"""Exceptions to the house rules: actions that differ from the others, each for a reason."""

# Public functions of actions modules that are no action of a person, and why.
STEPS = {
    "api.forget_answers": "an answer kept for a day; what it told of is recorded",
    "api.forget_answers_about": "an answer kept for a day; what it told of was erased, which is recorded",
    "api.note_use": "a day beside a token; what the token is used for is recorded",
    "audit.seal_days": "the seal itself is the record",
    "audit.rescue_jobs": "gives jobs of a killed worker back to the queue; nothing changes for anybody",
    "files.accept_upload": "keeps content before any action; the action that attaches it records",
    "files.sweep_orphans": "takes away what nobody attached",
    "files.sweep_unattached": "takes away what nobody attached",
    "notices.note_outcome": "the delivery itself is the record",
    "notices.take_message": "the delivery itself is the record",
    "notices.tell": "a step of a reaction, whose entry is there already",
    "notices.retitle": "a step of an erasure, which records",
    "notices.forget_person": "a step of a reaction, whose entry is there already",
    "notices.note_trial": "the address itself is the record",
    "cases.take_due_steps": "takes steps one by one, each of which records",
    "cases.take_due_review_steps": "takes steps one by one, each of which records",
    **{
        f"insight.{name}": "figures follow from what is recorded already"
        for name in ("count_case", "count_missed", "count_open", "rebuild_figures", "rebuild_sums")
    },
    "cases.take_due_assistance_steps": "takes steps one by one, each of which records",
    "cases.carry_out_batch": "takes cases one by one, each of which records",
    "files.keep_made": "keeps content before any action; the action that attaches it records",
    "cases.follow_unit": "a step of a reaction, whose entry is there already",
    "ledgers.take_due_item_steps": "takes steps one by one, each of which records",
    "ledgers.send_answers": "fills in or takes the step, each of which records",
    "ledgers.carry_out_item_batch": "takes items one by one, each of which records",
    "reports.keep_papers": "keeps content before any action; the action that attaches it records",
    "reports.make_due_reports": "makes reports one by one, each of which records",
}
# Actions without a person: a clock or the command line.
NOBODY = {
    "accounts.create_first_administrator",
    "accounts.note_refused_sign_in",
    "cases.close_undrawn_case",
    "cases.erase_contacts",
    "cases.unlink_reports",
    "cases.doubt_photos",
    "cases.draw_recheck",
    "insight.close_periods",
    "ledgers.ask_correction",
    "ledgers.open_own_file",
    "reports.make_next_form_report",
    "reports.make_next_report",
}
# Actions without an entry: who has read what is no one's business but the reader's.
UNRECORDED = {"notices.mark_read", "notices.mark_all_read"}
# Actions on a pair.
PAIRS = {"files.attach_file", "files.attach_files"}
