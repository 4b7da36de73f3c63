"""One item as its page shows it: its step, the gate condition by condition, what may be done, its past."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from bihuan.audit.models import EntryQuerySet
from bihuan.audit.queries import entries_about
from bihuan.cases.models import Case
from bihuan.cases.queries.page import ClockFace, running_face
from bihuan.core.clock import local, now
from bihuan.core.verdicts import Verdict
from bihuan.files.models import Attachment
from bihuan.files.queries import attachments_of
from bihuan.ledgers import rules
from bihuan.ledgers.definition import Field, Gate, Step
from bihuan.ledgers.models import CaseLink, Item, NoticeGiven, Passage, Sending
from bihuan.ledgers.queries.items import items_in


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
    ways: list[Step | None]
    back: list[Step]
    gates: list[GateShown]
    verbs: dict[str, Verdict]
    passages: Sequence[Passage]
    notices: Sequence[NoticeGiven]
    links: Sequence[CaseLink]
    parent: Item | None
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
    seen = items_in(user, item.campaign)  # a part of it may be another team's
    return ItemShown(
        item=item,
        step=step,
        fields=tuple(one for one in definition.walk() if one.name in asked),
        ways=rules.ways(definition, step, item.answers, at=here),
        back=[rules.step_of(definition, code) for code in step.back if code in item.path],
        gates=[_gate(user, item, gate) for gate in ahead],
        verbs={verb: rules.may(verb, item, user) for verb in rules.FLOW if verb != "sign"},
        passages=list(Passage.objects.filter(item=item).select_related("left_by", "left_for").order_by("pk")),
        notices=list(item.notices_given.select_related("by", "proof")),
        links=list(_links(user, item)),
        parent=seen.filter(pk=item.parent_id).first() if item.parent_id else None,
        parts=list(seen.filter(parent=item).order_by("number")),
        files=list(attachments_of(item)),
    )


def _links(user: Any, item: Item) -> QuerySet[CaseLink]:
    """The cases of an item; `may_open` says of each whether this person finds its page."""
    visible = Case.objects.visible_to(user).filter(pk=OuterRef("case_id"))
    links = item.case_links.select_related("case").defer("case__search")
    return links.annotate(may_open=Exists(visible)).order_by("pk")


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


def clock_face(item: Item) -> ClockFace | None:
    """The clock of the present step, for people; None where it has no limit."""
    return running_face(item) if item.is_open and item.stage_limit else None


def verdict_for(user: Any, item: Item, verb: str, given: Mapping[str, Any]) -> Verdict:
    """Whether somebody may do this; of signing, for the condition that `given` names."""
    if verb != "sign":
        return rules.may(verb, item, user)
    gate = item.edition.definition.gate(str(given.get("gate", "")))
    place = str(given.get("condition", ""))
    known = gate is not None and place.isdecimal() and int(place) < len(gate.conditions)
    condition = gate.conditions[int(place)] if gate is not None and known else None
    return rules.may(verb, item, user, condition=condition)


def has_arrived(user: Any, item: Item, key: str) -> bool:
    """Whether what somebody sends of an item with this key was taken before."""
    try:
        wanted = UUID(key)
    except ValueError:
        return False
    return Sending.objects.filter(item=item, by=user, key=wanted).exists()


@dataclass(frozen=True)
class Link:
    """One step of the chain: passed, the present one, or still to come."""

    step: Step
    state: str


def chain_of(item: Item) -> list[Link]:
    """The steps of an item in the order of its ledger, with where it is."""
    passed = set(item.path)
    return [
        Link(
            one,
            "now"
            if item.is_open and one.code == item.step_code
            else "passed"
            if one.code in passed
            else "ahead",
        )
        for one in item.edition.definition.steps
    ]


# The verbs that stand beside the step's own form, in the order of the page.
BESIDE = (
    "give_notice", "open_case", "link_case", "send_back", "block", "unblock", "split", "assign", "rename",
    "correct", "drop",
)  # fmt: skip
ICONS = {
    "give_notice": "speakerphone", "open_case": "folder-check", "link_case": "link",
    "send_back": "arrow-back-up", "block": "hand-stop", "unblock": "player-play", "split": "subtask",
    "assign": "user-share", "rename": "pencil", "correct": "edit", "drop": "ban",
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """A verb that somebody may use now."""

    verb: str
    label: Any
    icon: str


def verbs_beside(shown: ItemShown) -> list[Choice]:
    """What this person may do to an item besides its step."""
    return [Choice(verb, rules.FLOW[verb].label, ICONS[verb]) for verb in BESIDE if shown.verbs.get(verb)]
