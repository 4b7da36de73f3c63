"""What every verb of an item does the same way: hold it and ask; leave and enter steps; save and record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import connection
from django.db.models import Value

from bihuan.audit import record
from bihuan.cases import clocks
from bihuan.core.clock import local, now
from bihuan.core.text import clean, segment
from bihuan.core.verdicts import YES, Verdict
from bihuan.ledgers import figures, rules
from bihuan.ledgers.definition import Condition, Step, holds
from bihuan.ledgers.definition.model import DOCUMENT
from bihuan.ledgers.models import Item, ItemState, Passage, Revision, Signature

BLOCK = ["blocked_at", "blocked_why", "blocked_by_rule"]
KEPT = ["counts", "changed_at", "grace_at", *BLOCK, *clocks.CLOCK_FIELDS]
STEPPED = ["step_code", "path", "remind_percent", "state", "finished_at"]


@dataclass
class Held:
    """An item that is held, by whom and why they may, and what it was before."""

    item: Item
    by: Any
    verdict: Verdict
    at: datetime
    answers: Mapping[str, Any]
    counts: Mapping[str, Any]

    @property
    def here(self) -> datetime:
        """The moment on the district's clocks, which expressions mean."""
        return local(self.at)


def hold(verb: str, item: Item, by: Any, *, condition: Condition | None = None) -> Held:
    """Lock the item, let the time that has passed take its effect, and ask the rules.

    Raises a Refusal when they say no. A campaign cannot be finished while one of its items is held.
    """
    from bihuan.ledgers.actions.ticking import catch_up  # which itself needs what verbs do

    item = lock(item)
    at = now()
    catch_up(item, at)
    verdict = rules.may(verb, item, by, condition=condition).enforce()
    return Held(item, by, verdict, at, dict(item.answers), item.counts)


def hold_for_system(item: Item) -> Held:
    """Hold an item for something that happens by itself, after what time has done to it."""
    from bihuan.ledgers.actions.ticking import catch_up

    item = lock(item)
    at = now()
    catch_up(item, at)
    return Held(item, None, YES, at, dict(item.answers), item.counts)


def lock(item: Item) -> Item:
    """The campaign first, as a key that whoever finishes it waits for, then the item."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM ledgers_campaign WHERE id = %s FOR KEY SHARE", [item.campaign_id])
    return Item.objects.locked(item.pk)


def keep(held: Held, verb: str, fields: list[str], *, why: str = "", **data: Any) -> Item:
    """Save the named fields and those that follow from them, let the figures follow, and record the verb.

    `why` is kept with the revision. `data` goes into the audit trail for good: codes, numbers and keys, never
    what somebody wrote or answered.
    """
    return save(held, rules.FLOW[verb].event, fields, why=why, **data)


def save(held: Held, event: str, fields: list[str], *, why: str = "", **data: Any) -> Item:
    item, at = held.item, held.at
    item.changed_at = at
    judge_block(item, held.here)
    if item.state == ItemState.OPEN:
        step = rules.present_step(item)
        gates = rules.gates_ahead(item.edition.definition, step, item.answers, at=held.here)
        item.grace_at = rules.next_grace(gates, item, at=at)
    else:
        item.grace_at = None
    figures.follow(item, held.counts, at)
    revision = revision_of(item, held.answers, by=held.by, at=at)
    revision.reason = why
    revision.save(force_insert=True)
    item.save(update_fields=[*fields, *KEPT])
    record(
        event,
        item,
        by=held.by,
        on_behalf_of=held.verdict.on_behalf_of,
        campaign=item.campaign_id,
        state=item.state,
        due=item.due_at.isoformat() if item.is_open and item.due_at else None,
        **{key: value for key, value in data.items() if value not in (None, "")},
    )
    return item


def judge_block(item: Item, here: datetime) -> None:
    """Let an item count as blocked while its answers say so; what a person reported they take back."""
    if item.state != ItemState.OPEN:
        lift_block(item)
        return
    rule = rules.present_step(item).blocked_when
    says = bool(rule) and holds(item.edition.definition, rule, item.answers, at=here)
    if says and not item.is_blocked:
        item.blocked_at, item.blocked_why, item.blocked_by_rule = here, rule[:200], True
    elif item.blocked_by_rule and not says:
        lift_block(item)


def lift_block(item: Item) -> None:
    item.blocked_at, item.blocked_why, item.blocked_by_rule = None, "", False


def revision_of(item: Item, was: Mapping[str, Any], *, by: Any, at: datetime) -> Revision:
    """What this change made of the item, from which its past can be told."""
    changed = {name: value for name, value in item.answers.items() if was.get(name) != value}
    gone: dict[str, Any] = dict.fromkeys(name for name in was if name not in item.answers)
    return Revision(
        item=item,
        at=at,
        by=by,
        answers=changed | gone,
        edition_id=item.edition_id,
        area_id=item.area_id,
        team_id=item.team_id,
        state=item.state,
        step_code=item.step_code,
        blocked=item.is_blocked,
    )


# -- steps -----------------------------------------------------------------------------------------------


def start_step(item: Item, step: Step, at: datetime) -> None:
    """Let the clock of a step begin, or stand where it has no limit."""
    item.step_code = step.code
    item.remind_percent = min(max(step.remind_at, 1), 99)
    if step.limit:
        clocks.start_stage(item, at, step.limit, step.calendar)
        return
    item.clock, item.stage_started_at = step.calendar, at
    item.stage_limit = item.stage_used = item.step = 0
    item.running_since = item.due_at = item.step_at = item.overdue_at = None


def leave(held: Held, to: str, *, back: bool = False, reason: str = "") -> bool:
    """Close the stay in the present step; returns whether it was late."""
    item, at = held.item, held.at
    late = item.overdue_at is not None
    Passage.objects.filter(item=item, left_at=None).update(
        left_at=at,
        left_by=held.by,
        left_for=held.verdict.on_behalf_of,
        to_step=to,
        back=back,
        late=late,
        reason=clean(reason),
    )
    item.path = figures.path_after(item.path, item.step_code, to, back=back)
    return late


def enter(held: Held, step: Step | None) -> None:
    """Come to a step, or to the end."""
    item, at = held.item, held.at
    if step is None:
        end(item, ItemState.FINISHED, at)
        item.finished_at = at
        return
    start_step(item, step, at)
    Passage.objects.create(item=item, step=step.code, entered_at=at)


def end(item: Item, state: str, at: datetime) -> None:
    """Let nothing more happen to an item by itself."""
    item.state = state
    clocks.stop(item, at)
    item.due_at = None
    lift_block(item)


def lapse_signatures(
    item: Item, at: datetime, *, of: str = "", keeping: frozenset[tuple[str, int]] = frozenset()
) -> None:
    """What was signed for, of one gate or all, no longer holds; it stays on record."""
    for one in Signature.objects.filter(item=item, lapsed_at=None).order_by("pk"):
        if of in ("", one.gate) and (one.gate, one.condition) not in keeping:
            one.lapsed_at = at
            one.save(update_fields=["lapsed_at"])


def lapse_outdated(held: Held) -> None:
    """Who signed for a gate saw its documents: where one of them changes, they look again."""
    item = held.item
    definition = item.edition.definition
    for gate in definition.gates:
        names = {rules.top_of(definition, one.field) for one in gate.conditions if one.kind == DOCUMENT}
        if any(held.answers.get(name) != item.answers.get(name) for name in names):
            lapse_signatures(item, held.at, of=gate.code)


# -- finding ---------------------------------------------------------------------------------------------


def search_words(item: Item) -> str:
    """What full-text search finds an item by, cut into words: heading, place, and what was written."""
    parts = [item.title, item.place.name if item.place is not None else "", item.area.name]
    parts += [value for value in _texts(item.answers) if len(value) <= 200]
    return segment(" ".join(parts))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return []


def index_words(item: Item) -> None:
    words = SearchVector(Value(search_words(item)), config="simple")
    Item.objects.filter(pk=item.pk).update(search=words)
