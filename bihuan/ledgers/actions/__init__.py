"""The verbs of ledgers, campaigns and items: each locks, asks the rules, changes and records, all at once."""

from bihuan.ledgers.actions.assigning import assign_item, rename_item, split_item
from bihuan.ledgers.actions.batching import carry_out_item_batch, start_item_batch
from bihuan.ledgers.actions.campaigns import (
    begin_campaign,
    change_campaign,
    finish_campaign,
    make_campaign,
    use_edition,
)
from bihuan.ledgers.actions.drafting import (
    change_draft,
    discard_draft,
    keep_draft,
    rebase_draft,
    start_draft,
)
from bihuan.ledgers.actions.exporting import (
    ask_items,
    expire_items_export,
    fetch_items,
    finish_items_export,
)
from bihuan.ledgers.actions.household import answer_remark, ask_correction, open_own_file, show_own_code
from bihuan.ledgers.actions.intake import add_good_items, add_item, add_items
from bihuan.ledgers.actions.keeping import keep_edition, keep_ledger, retire_ledger, reuse_ledger
from bihuan.ledgers.actions.linking import (
    complete_step,
    link_case,
    note_case_closed,
    note_case_dropped,
    open_case,
)
from bihuan.ledgers.actions.money import (
    add_late_line,
    add_line,
    add_subsidy,
    begin_reckoning,
    check_reckoning,
    correct_line,
    lock_reckoning,
    remove_line,
    set_rates,
)
from bihuan.ledgers.actions.moving import move_items, move_to_edition
from bihuan.ledgers.actions.organising import (
    Goal,
    add_team,
    change_team,
    join_campaign,
    leave_campaign,
    retire_team,
    set_milestones,
)
from bihuan.ledgers.actions.placing import note_place_changed, take_over_facts
from bihuan.ledgers.actions.proving import give_notice, sign_condition, withdraw_notice
from bihuan.ledgers.actions.reading import read_item
from bihuan.ledgers.actions.sending import send_answers
from bihuan.ledgers.actions.sheets import (
    confirm_items,
    discard_items,
    fetch_refused,
    forget_items_workbook,
    receive_items,
)
from bihuan.ledgers.actions.stepping import (
    block_item,
    correct_item,
    drop_item,
    fill_item,
    send_back_item,
    take_step,
    unblock_item,
)
from bihuan.ledgers.actions.sweeping import sweep_alike
from bihuan.ledgers.actions.ticking import take_due_item_steps

__all__ = [
    "Goal",
    "add_good_items",
    "add_item",
    "add_items",
    "add_late_line",
    "add_line",
    "add_subsidy",
    "add_team",
    "answer_remark",
    "ask_correction",
    "ask_items",
    "assign_item",
    "begin_campaign",
    "begin_reckoning",
    "block_item",
    "carry_out_item_batch",
    "change_campaign",
    "change_draft",
    "change_team",
    "check_reckoning",
    "complete_step",
    "confirm_items",
    "correct_item",
    "correct_line",
    "discard_draft",
    "discard_items",
    "drop_item",
    "expire_items_export",
    "fetch_items",
    "fetch_refused",
    "fill_item",
    "finish_campaign",
    "finish_items_export",
    "forget_items_workbook",
    "give_notice",
    "join_campaign",
    "keep_draft",
    "keep_edition",
    "keep_ledger",
    "leave_campaign",
    "link_case",
    "lock_reckoning",
    "make_campaign",
    "move_items",
    "move_to_edition",
    "note_case_closed",
    "note_case_dropped",
    "note_place_changed",
    "open_case",
    "open_own_file",
    "read_item",
    "rebase_draft",
    "receive_items",
    "remove_line",
    "rename_item",
    "retire_ledger",
    "retire_team",
    "reuse_ledger",
    "send_answers",
    "send_back_item",
    "set_milestones",
    "set_rates",
    "show_own_code",
    "sign_condition",
    "split_item",
    "start_draft",
    "start_item_batch",
    "sweep_alike",
    "take_due_item_steps",
    "take_over_facts",
    "take_step",
    "unblock_item",
    "use_edition",
    "withdraw_notice",
]
