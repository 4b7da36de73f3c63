"""Who may do what in ledgers, campaigns and items: decides, never writes."""

from bihuan.ledgers.rules.batches import BATCH_VERBS, MOST_ITEMS, may_batch, may_go_on
from bihuan.ledgers.rules.campaigns import (
    MOST_PARTS,
    is_role,
    may_add_item,
    may_keep,
    may_run,
    roles_of,
)
from bihuan.ledgers.rules.flow import CAMPAIGNS, FLOW
from bihuan.ledgers.rules.gates import Met, gate_shown, grace_ends, may_pass, next_grace
from bihuan.ledgers.rules.items import may, present_step
from bihuan.ledgers.rules.standing import (
    KEEPERS,
    is_staff,
    keeps_ledgers,
    leads,
    leads_item,
    parts_of,
    people_for,
    runs,
    sees_item,
)
from bihuan.ledgers.rules.ways import (
    asked_at,
    chosen_way,
    evidence_there,
    first_step,
    gates_ahead,
    is_there,
    step_of,
    top_of,
    tops,
    ways,
)

__all__ = [
    "BATCH_VERBS",
    "CAMPAIGNS",
    "FLOW",
    "KEEPERS",
    "MOST_ITEMS",
    "MOST_PARTS",
    "Met",
    "asked_at",
    "chosen_way",
    "evidence_there",
    "first_step",
    "gate_shown",
    "gates_ahead",
    "grace_ends",
    "is_role",
    "is_staff",
    "is_there",
    "keeps_ledgers",
    "leads",
    "leads_item",
    "may",
    "may_add_item",
    "may_batch",
    "may_go_on",
    "may_keep",
    "may_pass",
    "may_run",
    "next_grace",
    "parts_of",
    "people_for",
    "present_step",
    "roles_of",
    "runs",
    "sees_item",
    "step_of",
    "top_of",
    "tops",
    "ways",
]
