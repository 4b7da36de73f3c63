"""Writes a campaign's items into a workbook: what its owner may see, in their language, a batch at a time."""

from __future__ import annotations

import shutil
import tempfile
from array import array
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from zlib import crc32

from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from bihuan.audit.running import Interrupted
from bihuan.cases.exporting import PHONE_IN_TEXT
from bihuan.cases.models import ExportState
from bihuan.core.clock import local, now
from bihuan.core.sheets import write_long_sheet
from bihuan.files.actions import keep_made
from bihuan.files.rules import XLSX_FILE
from bihuan.ledgers import actions, rules
from bihuan.ledgers.definition import Definition, Field
from bihuan.ledgers.definition.model import GROUP, NOTE, NUMBERS, REPEAT
from bihuan.ledgers.forms.filters import FilterForm
from bihuan.ledgers.models import Campaign, Item, ItemExport, Reckoning
from bihuan.ledgers.queries.items import items_in
from bihuan.ledgers.queries.people import force_of, teams_of
from bihuan.ledgers.queries.values import in_words

BATCH = 500


def form_of(campaign: Campaign, query: str) -> FilterForm:
    """The filters of a table as its page understands them."""
    return FilterForm(
        QueryDict(query), campaign=campaign, teams=teams_of(campaign), people=force_of(campaign)
    )


def write_items_export(pk: int, *, stopping: Callable[[], bool] = lambda: False) -> None:
    """Write the workbook of an export that is not finished, from its beginning."""
    export = ItemExport.objects.select_related("by", "campaign__edition").get(pk=pk)
    if not export.under_way:
        return
    owner, campaign = export.by, export.campaign
    if not (owner.is_active and rules.may_export_items(campaign, owner)):
        actions.expire_items_export(export)
        return
    folder = _folder_for(export)
    try:
        with override(export.language), tempfile.TemporaryFile(dir=folder) as target:
            scope = rules.scope_of_items(campaign, owner)
            found = form_of(campaign, export.query).filters().narrow(items_in(owner, campaign))
            listed = found.order_by("number").values_list("pk", flat=True)
            wanted = array("q", listed[: rules.MOST_ROWS].iterator(chunk_size=5_000))
            _note(export, rows=len(wanted), rows_done=0)
            columns = columns_of_export(campaign)
            rows = _rows(export, owner, wanted, [value for _title, value in columns], stopping)
            write_long_sheet(target, _("Items"), [title for title, _value in columns], rows, folder=folder)
            file = keep_made(target, XLSX_FILE, name=f"items-{campaign.number}.xlsx")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    actions.finish_items_export(export, by=owner, file=file, rows=len(wanted), scope=scope)


def _folder_for(export: ItemExport) -> str:
    """An empty folder; what a killed worker left of this export goes."""
    own = crc32(f"{connection.settings_dict['NAME']} {settings.MEDIA_ROOT}".encode())
    prefix = f"bihuan-items-{own:08x}-{export.pk}-"
    for left_over in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        shutil.rmtree(left_over, ignore_errors=True)
    return tempfile.mkdtemp(prefix=prefix)


Value = Callable[[Item, Mapping[int, Decimal]], Any]


def _rows(
    export: ItemExport, owner: Any, wanted: array[int], values: list[Value], stopping: Callable[[], bool]
) -> Iterator[list[Any]]:
    """The rows, a batch at a time; what has left the owner's sight meanwhile is left out."""
    ids = iter(wanted)
    done = 0
    while batch := list(islice(ids, BATCH)):
        if stopping():
            raise Interrupted
        owner.forget_duties()
        campaign = Campaign.objects.select_related("edition").get(pk=export.campaign_id)
        items = items_in(owner, campaign).select_related("parent").in_bulk(batch)
        money = dict(Reckoning.objects.filter(item__in=batch).values_list("item", "total"))
        for pk in batch:
            if pk in items:
                yield [value(items[pk], money) for value in values]
        done += len(batch)
        _note(export, rows_done=done)


def _note(export: ItemExport, **changes: int) -> None:
    """Say how far it is; nobody's turn to say so any more when it is finished or put away."""
    under_way = ItemExport.objects.filter(pk=export.pk, state__in=(ExportState.QUEUED, ExportState.RUNNING))
    under_way.update(state=ExportState.RUNNING, changed_at=now(), **changes)


def columns_of_export(campaign: Campaign) -> list[tuple[str, Value]]:
    """Titles in the reader's language, and what stands below them. The code of a household: never."""
    definition = campaign.edition.definition
    yes = _("yes")
    found: list[tuple[str, Value]] = [
        (_("Number"), lambda item, _money: item.number),
        (_("Own number"), lambda item, _money: item.source_key.partition("key:")[2]),
        (_("Heading"), lambda item, _money: _text(item.title)),
        (_("Area"), lambda item, _money: str(item.area.label)),
        (pgettext("of an item", "Place"), lambda item, _money: str(item.place.label) if item.place else ""),
        (_("Team"), lambda item, _money: str(item.team.label) if item.team else ""),
        (_("Responsible person"), lambda item, _money: item.responsible.name if item.responsible else ""),
        (_("State"), lambda item, _money: item.get_state_display()),
        (_("Step"), lambda item, _money: _step(item)),
        (_("Due"), lambda item, _money: _moment(item.due_at) if item.is_open else None),
        (_("Overdue"), lambda item, _money: yes if item.is_open and item.overdue_at else ""),
        (_("Blocked, because"), lambda item, _money: _text(item.blocked_why)),
        (_("Part of"), lambda item, _money: item.parent.number if item.parent else None),
        (_("Entered at"), lambda item, _money: _moment(item.made_at)),
        (_("Finished at"), lambda item, _money: _moment(item.finished_at)),
    ]
    if definition.rates:
        found.append((_("Reckoned, yuan"), lambda item, money: _number(money.get(item.pk))))
    for one in _fields(definition.fields):
        found.append((str(one.label) or one.name, _answer(one)))
    return found


def _fields(fields: tuple[Field, ...]) -> Iterator[Field]:
    """What is answered; a repeat is one column, whose entries stand behind each other."""
    for one in fields:
        if one.type == GROUP:
            yield from _fields(one.children)
        elif one.type != NOTE and (one.asks or one.label or one.type == REPEAT):
            yield one


def _answer(one: Field) -> Value:
    def value(item: Item, _money: Mapping[int, Decimal]) -> Any:
        definition = item.edition.definition
        own = definition.find(one.name)
        given = item.answers.get(one.name)
        if own is None or given in (None, "", []):
            return None
        if own.type == REPEAT:
            return _text("；".join(_entry(definition, own, entry) for entry in given))
        if own.type in NUMBERS:
            return _number(given)
        return _text(in_words(definition, own, given))

    return value


def _entry(definition: Definition, repeat: Field, entry: Mapping[str, Any]) -> str:
    told = [(one, entry.get(one.name)) for one in _fields(repeat.children)]
    return "，".join(
        f"{one.label or one.name} {in_words(definition, one, value)}"
        for one, value in told
        if value not in (None, "", [])
    )


def _number(value: Any) -> Any:
    """A number to reckon with, or what stands there instead."""
    if value is None:
        return None
    try:
        return float(value)
    except ValueError:
        return _text(str(value))


def _step(item: Item) -> str:
    step = item.edition.definition.step(item.step_code) if item.is_open else None
    return str(step.name) if step is not None else ""


def _moment(moment: datetime | None) -> datetime | None:
    """On the district's clocks, as spreadsheet programs know them: without a zone."""
    return local(moment).replace(tzinfo=None) if moment is not None else None


def _text(text: str) -> str:
    """What people wrote, without the phone numbers that some write into it."""
    return PHONE_IN_TEXT.sub(_("[phone left out]"), text)
