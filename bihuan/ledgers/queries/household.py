"""A household's own file: where it stands, what its ledger lets it read, and nothing about anybody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.audit.models import Entry
from bihuan.core.clock import local, now
from bihuan.core.text import normalise
from bihuan.files.models import Attachment
from bihuan.files.queries import attachments_of
from bihuan.ledgers.definition import Definition, Field, holds
from bihuan.ledgers.definition.model import GROUP, NOTE, REPEAT, Words
from bihuan.ledgers.models import Item, ItemExport, MoneyLine, NoticeGiven, Passage, Post, Reckoning, Remark
from bihuan.ledgers.queries.items import item_by_own_code
from bihuan.ledgers.queries.money import reckoning_of
from bihuan.ledgers.queries.values import FILES, Known, in_words

REMEDIES = ("remedies", "救济途径")  # a column of the ledger's settings that says what is open to a household
ADVISES = ("法律", "律师", "legal", "lawyer")  # how a ledger's own roles say that somebody advises on the law
READ_DAYS = 184  # how far back a household reads who has opened its file: red line 8
MOST_READS = 500


def item_typed(code: str) -> Item | None:
    """The item of a code as people type it: in lower case, full width, with spaces or without hyphens."""
    letters = "".join(sign for sign in normalise(code)[:60].upper() if sign.isalnum())
    if len(letters) != 12:
        return None
    return item_by_own_code(f"{letters[:4]}-{letters[4:8]}-{letters[8:]}").first()


def item_opened(pk: int) -> Item | None:
    """The item whose code somebody has shown a moment ago; one that was dropped since is gone."""
    item = Item.objects.with_names().filter(pk=pk).first()
    return None if item is None or item.state == "dropped" else item


@dataclass(frozen=True)
class Stage:
    """One step of the way as the household reads it."""

    name: Words
    done_at: datetime | None = None
    is_now: bool = False


@dataclass(frozen=True)
class OwnMoney:
    """Its reckoning; the same words as the page of the task force, without who wrote what."""

    reckoning: Reckoning
    lines: list[MoneyLine]
    corrections: list[MoneyLine]
    before_corrections: Any


@dataclass(frozen=True)
class Advice:
    """What is open to a household: who advises it, and which remedies it has."""

    advisers: list[tuple[str, str]]  # role and name; nobody's number
    told: list[str]  # what the ledger says to the household: its notes, and its remedies


@dataclass(frozen=True)
class Reading:
    """A time when somebody opened the file: what they did, and as what in the task force; nobody's name."""

    at: datetime
    how: Any
    role: str = ""


HOW = {
    "item.read": _("read by the task force"),
    "item.code_shown": _("the task force took out the code"),
    "item.file_opened": _("opened with the code"),
    "item_export.fetched": _("a list of the campaign was taken out"),
}


@dataclass(frozen=True)
class OwnFile:
    """What the page of a household shows."""

    item: Item
    stages: list[Stage]
    known: list[Known]
    documents: list[Attachment]
    notices: Sequence[NoticeGiven]
    money: OwnMoney | None
    remarks: Sequence[Remark]
    advice: Advice
    reads: list[Reading]


def own_file(item: Item) -> OwnFile:
    """The file of the household that has shown its code."""
    definition = item.edition.definition
    return OwnFile(
        item=item,
        stages=_stages(item),
        known=list(_known(definition, definition.fields, item.answers, shown=False)),
        documents=own_documents(item),
        notices=list(item.notices_given.filter(withdrawn_at=None)),
        money=_money(item),
        remarks=list(item.remarks.all()),
        advice=advice_of(item),
        reads=_reads(item),
    )


def _stages(item: Item) -> list[Stage]:
    """The steps that were done and the one it is at; what others have done is nobody's business here."""
    definition = item.edition.definition
    passed: dict[str, datetime] = {}
    for one in Passage.objects.filter(item=item, left_at__isnull=False, back=False).order_by("pk"):
        if one.step in item.path and one.left_at is not None:
            passed[one.step] = one.left_at
    found = []
    for step in definition.steps:
        if step.code in passed and step.code != item.step_code:
            found.append(Stage(step.name, passed[step.code]))
        elif item.is_open and step.code == item.step_code:
            found.append(Stage(step.name, is_now=True))
        elif not item.is_open and step.code in passed:
            found.append(Stage(step.name, passed[step.code]))
    return found


def _known(
    definition: Definition, fields: tuple[Field, ...], values: Mapping[str, Any], *, shown: bool
) -> list[Known]:
    """The answers whose fields the ledger shows to the household, and what lies in such a group or repeat."""
    found: list[Known] = []
    for one in fields:
        own = shown or one.household
        if one.type == GROUP:
            found += _known(definition, one.children, values, shown=own)
            continue
        value = values.get(one.name)
        if one.type == NOTE or one.type in FILES or value in (None, "", []):
            continue
        label = str(one.label or one.name)
        if one.type == REPEAT:
            rows = [_known(definition, one.children, entry, shown=own) for entry in value]
            if any(rows):
                found.append(Known(label, rows=[row for row in rows if row]))
        elif own:
            found.append(Known(label, in_words(definition, one, value)))
    return found


def own_documents(item: Item) -> list[Attachment]:
    """The files that stand in fields shown to the household."""
    definition = item.edition.definition
    keys = {int(key) for key in _files(definition.fields, item.answers, shown=False) if key.isdecimal()}
    return [one for one in attachments_of(item) if one.pk in keys]


def _files(fields: tuple[Field, ...], values: Mapping[str, Any], *, shown: bool) -> list[str]:
    found: list[str] = []
    for one in fields:
        own = shown or one.household
        if one.type == GROUP:
            found += _files(one.children, values, shown=own)
        elif one.type == REPEAT:
            for entry in values.get(one.name) or ():
                found += _files(one.children, entry, shown=own)
        elif own and one.type in FILES and values.get(one.name):
            found.append(str(values[one.name]))
    return found


def _money(item: Item) -> OwnMoney | None:
    """What it comes to, once somebody has checked it: before, it is a draft of the task force."""
    reckoning = reckoning_of(item)
    if reckoning is None or not reckoning.is_checked:
        return None
    lines = list(reckoning.lines.all())
    plain = [line for line in lines if not line.is_correction]
    return OwnMoney(
        reckoning, plain, [line for line in lines if line.is_correction], sum(line.amount for line in plain)
    )


def advice_of(item: Item) -> Advice:
    """The legal advisers of the task force by name, and what the ledger tells the household of the law."""
    definition, here = item.edition.definition, local(now())
    told = [text for name, text in definition.settings.extras if name in REMEDIES]
    told += [
        str(one.label)
        for one in definition.walk()
        if one.type == NOTE and one.household and holds(definition, one.relevant, item.answers, at=here)
    ]
    return Advice(_advisers(item, definition), told)


def _advisers(item: Item, definition: Definition) -> list[tuple[str, str]]:
    roles = [role for role in definition.roles if any(word in role.lower() for word in ADVISES)]
    posts = Post.objects.current().filter(campaign=item.campaign_id, role__in=roles)
    posts = posts.filter(team__in=[item.team_id]) | posts.filter(team=None)
    return [(post.role, post.person.name) for post in posts.select_related("person").order_by("role", "pk")]


def _reads(item: Item) -> list[Reading]:
    """Who has opened the file, or taken out a list in which it may stand, the latest first."""
    about = Q(subject_type=Item._meta.label_lower, subject_id=item.pk)
    if item.campaign.confidential:
        lists = ItemExport.objects.filter(campaign=item.campaign_id).values("pk")
        about |= Q(subject_type=ItemExport._meta.label_lower, subject_id__in=lists)
    since = max(now() - timedelta(days=READ_DAYS), item.made_at)
    rows = Entry.objects.filter(about, verb__in=HOW, at__gte=since).order_by("-at", "-pk")
    return [Reading(one.at, HOW[one.verb], one.data.get("role", "")) for one in rows[:MOST_READS]]


def remarks_of(item: Item) -> list[Remark]:
    """What a household asked for, for who works on its item."""
    return list(item.remarks.select_related("answered_by", "item"))
