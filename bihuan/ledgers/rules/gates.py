"""Gates 关卡: each condition on its own, with its verdict, so that people see what is still missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import formats
from django.utils.translation import gettext_lazy as _

from bihuan.cases.limits import clock_of, seconds_of
from bihuan.core.clock import local, now
from bihuan.core.text import in_turn
from bihuan.core.verdicts import YES, Verdict, no
from bihuan.ledgers.definition import Condition, Gate, Step, holds
from bihuan.ledgers.definition.faults import say
from bihuan.ledgers.definition.model import DOCUMENT, EXPRESSION, NOTICE, SIGNATURE
from bihuan.ledgers.models import Campaign, Item, NoticeGiven, Signature
from bihuan.ledgers.rules.standing import Right, fits
from bihuan.ledgers.rules.ways import Values, chosen_way, evidence_there, is_there, step_of, top_of


@dataclass(frozen=True)
class Met:
    """One condition of a gate: whether it is met, when it will be, and who signed for it."""

    gate: Gate
    place: int
    condition: Condition
    verdict: Verdict
    signature: Signature | None = None
    met_at: datetime | None = None  # of a notice: when its grace period is over

    @property
    def sentence(self) -> str:
        return str(self.condition.sentence)


def gate_shown(gate: Gate, item: Item, values: Values, *, at: datetime) -> list[Met]:
    """Every condition of a gate with its verdict, as the item now is."""
    kinds = {one.kind for one in gate.conditions}
    signed: dict[int, Signature] = {}
    if SIGNATURE in kinds:
        rows = Signature.objects.filter(item=item, gate=gate.code, lapsed_at=None).select_related("by")
        signed = {one.condition: one for one in rows}
    given = first_notice(item) if NOTICE in kinds else None
    return [
        _met(gate, place, item, values, at, signed.get(place), given) for place in range(len(gate.conditions))
    ]


def may_pass(gate: Gate, item: Item, values: Values, *, at: datetime) -> Verdict:
    """Whether all conditions of a gate are met."""
    missing = [one for one in gate_shown(gate, item, values, at=at) if not one.verdict]
    if not missing:
        return YES
    return no(
        "item.gate_closed",
        say(
            _("The gate “%(gate)s” is closed. Still missing: %(conditions)s"),
            gate=gate.name,
            conditions=in_turn(one.sentence for one in missing),
        ),
    )


def way_on(item: Item, values: Values, *, to: str | None, at: datetime) -> tuple[Verdict, Step | None]:
    """Where an item goes from its step with these answers: its evidence is there, its gates are open."""
    definition = item.edition.definition
    step = step_of(definition, item.step_code)
    verdict = evidence_there(definition, step, values, at=local(at))
    if not verdict:
        return verdict, None
    verdict, following = chosen_way(definition, step, values, to=to, at=local(at))
    if not verdict:
        return verdict, None
    first = step if step.code == definition.steps[0].code else None
    for one in (first, following):
        gate = definition.gate(one.gate) if one is not None and one.gate else None
        if gate is not None and not (verdict := may_pass(gate, item, values, at=at)):
            return verdict, None
    return YES, following


def first_notice(item: Item) -> NoticeGiven | None:
    """The notice from which grace periods count: the first one that stands."""
    return NoticeGiven.objects.filter(item=item, withdrawn_at=None).order_by("given_at", "pk").first()


def may_be_given(campaign: Campaign, at: datetime) -> Verdict:
    """Whether a notice may be of that moment: within the campaign, and not yet to come. Where notice was
    given earlier, whoever runs the campaign says so by its first day.
    """
    begun = local(campaign.begun_at).date() if campaign.begun_at is not None else campaign.starts_on
    first = min(campaign.starts_on, begun)
    if at > now():
        return no("item.notice_to_come", _("A notice can only be noted once it was given."))
    if local(at).date() < first:
        day = formats.date_format(first, "SHORT_DATE_FORMAT")
        sentence = say(_("The campaign began on %(day)s: no notice of it is older."), day=day)
        return no("item.notice_too_old", sentence)
    return YES


def grace_ends(condition: Condition, given_at: datetime) -> datetime:
    """When the grace period of a notice is over, by the calendar that the gate names."""
    length = seconds_of(condition.grace, condition.calendar)
    return clock_of(condition.calendar).add(given_at, length)


def next_grace(gates: Iterable[Gate], item: Item, *, at: datetime) -> datetime | None:
    """The next moment at which a grace period that these gates wait for is over."""
    waiting = [one for gate in gates for one in gate.conditions if one.kind == NOTICE]
    given = first_notice(item) if waiting else None
    if given is None:
        return None
    ends = (grace_ends(one, given.given_at) for one in waiting)
    return min((end for end in ends if end > at), default=None)


def signs(condition: Condition, item: Item, by: Any) -> Right | None:
    """By what somebody may sign for a condition."""
    return fits(condition.who, item, by)


def _met(
    gate: Gate,
    place: int,
    item: Item,
    values: Values,
    at: datetime,
    signature: Signature | None,
    given: NoticeGiven | None,
) -> Met:
    condition = gate.conditions[place]
    if condition.kind == NOTICE:
        return _notice_met(gate, place, condition, at, given)
    met = {
        EXPRESSION: lambda: holds(item.edition.definition, condition.expression, values, at=local(at)),
        DOCUMENT: lambda: _filled(item, condition, values, at),
        SIGNATURE: lambda: signature is not None,
    }[condition.kind]()
    verdict = YES if met else no(f"item.no_{condition.kind}", condition.sentence)
    return Met(gate, place, condition, verdict, signature)


def _filled(item: Item, condition: Condition, values: Values, at: datetime) -> bool:
    """A gate needs the document itself, also where the field would not be asked."""
    definition = item.edition.definition
    if top_of(definition, condition.field) == condition.field:
        return values.get(condition.field) not in (None, "")
    return is_there(definition, condition.field, values, at=local(at))


def _notice_met(gate: Gate, place: int, condition: Condition, at: datetime, given: NoticeGiven | None) -> Met:
    if given is None:
        return Met(gate, place, condition, no("item.no_notice", _("Nobody has given notice yet.")))
    end = grace_ends(condition, given.given_at)
    if end <= at:
        return Met(gate, place, condition, YES, met_at=end)
    when = formats.date_format(local(end), "SHORT_DATETIME_FORMAT")
    sentence = say(_("The grace period runs until %(when)s."), when=when)
    return Met(gate, place, condition, no("item.grace_runs", sentence), met_at=end)
