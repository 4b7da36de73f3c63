"""One item as its page shows it: its step, the gate condition by condition, what may be done, its past."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bihuan.audit.models import EntryQuerySet
from bihuan.audit.queries import entries_about
from bihuan.core.clock import local, now
from bihuan.core.verdicts import Verdict
from bihuan.files.models import Attachment
from bihuan.files.queries import attachments_of
from bihuan.ledgers import rules
from bihuan.ledgers.definition import Field, Gate, Step
from bihuan.ledgers.models import CaseLink, Item, NoticeGiven, Passage


@dataclass(frozen=True)
class GateShown:
    """A gate that lies ahead: each condition with its verdict, and whether this person signs for it."""

    gate: Gate
    conditions: list[rules.Met]
    may_sign: list[Verdict]

    @property
    def is_open(self) -> bool:
        return all(one.verdict for one in self.conditions)

    @property
    def rows(self) -> list[tuple[rules.Met, Verdict]]:
        return list(zip(self.conditions, self.may_sign, strict=True))


@dataclass(frozen=True)
class ItemShown:
    """What the page of an item needs beside the item itself."""

    item: Item
    step: Step
    fields: tuple[Field, ...]
    missing: Verdict
    ways: list[Step | None]
    back: list[Step]
    gates: list[GateShown]
    verbs: dict[str, Verdict]
    passages: Sequence[Passage]
    notices: Sequence[NoticeGiven]
    links: Sequence[CaseLink]
    parts: Sequence[Item]
    files: Sequence[Attachment]

    @property
    def allowed(self) -> list[str]:
        """The verbs that this person may use now."""
        return [verb for verb, verdict in self.verbs.items() if verdict]


def item_shown(user: Any, item: Item) -> ItemShown:
    """An item that this person may see, with what they may do to it now."""
    definition, step, at = item.edition.definition, rules.present_step(item), now()
    here = local(at)
    asked = rules.asked_at(definition, step.code)
    ahead = rules.gates_ahead(definition, step, item.answers, at=here) if item.is_open else []
    return ItemShown(
        item=item,
        step=step,
        fields=tuple(one for one in definition.walk() if one.name in asked),
        missing=rules.evidence_there(definition, step, item.answers, at=here),
        ways=rules.ways(definition, step, item.answers, at=here),
        back=[rules.step_of(definition, code) for code in step.back if code in item.path],
        gates=[_gate(user, item, gate) for gate in ahead],
        verbs={verb: rules.may(verb, item, user) for verb in rules.FLOW if verb != "sign"},
        passages=list(Passage.objects.filter(item=item).select_related("left_by", "left_for").order_by("pk")),
        notices=list(item.notices_given.select_related("by", "proof")),
        links=list(item.case_links.select_related("case").defer("case__search").order_by("pk")),
        parts=list(item.parts.defer("search").order_by("number")),
        files=list(attachments_of(item)),
    )


def _gate(user: Any, item: Item, gate: Gate) -> GateShown:
    conditions = rules.gate_shown(gate, item, item.answers, at=now())
    return GateShown(
        gate=gate,
        conditions=conditions,
        may_sign=[rules.may("sign", item, user, condition=one.condition) for one in conditions],
    )


def timeline(item: Item) -> EntryQuerySet:
    """What happened to an item, oldest first, with the people who did it."""
    return entries_about(item).whole()
