"""Writes a list of cases into a workbook: what its owner may see, in their language, a batch at a time."""

from __future__ import annotations

import re
import shutil
import tempfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from zlib import crc32

from django.conf import settings
from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from bihuan.audit.running import Interrupted
from bihuan.cases import actions, rules
from bihuan.cases.forms.filters import filters_of
from bihuan.cases.models import (
    Case,
    Channel,
    Export,
    ExportState,
    Satisfaction,
    State,
    Supervision,
    Urgency,
)
from bihuan.cases.queries import Filters, cases_listed_for, holder_of
from bihuan.core.clock import local, now
from bihuan.core.sheets import write_long_sheet
from bihuan.files.actions import keep_made
from bihuan.files.rules import XLSX_FILE

BATCH = 500
PHONE_IN_TEXT = re.compile(
    r"(?<!\d)(?:(?:\+|00)?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)|(?<!\d)0\d{2,3}[-\s]?\d{7,8}(?!\d)"
)


def write_export(pk: int, *, stopping: Callable[[], bool] = lambda: False) -> None:
    """Write the workbook of an export that is not finished, from its beginning.

    Until it is whole it lies in a folder of its own, which whoever begins anew clears away.
    """
    export = Export.objects.select_related("by").get(pk=pk)
    if not export.under_way:
        return
    owner = export.by
    if not (owner.is_active and rules.may_export(owner)):
        actions.expire_export(export)
        return
    folder = _folder_for(export)
    try:
        with override(export.language), tempfile.TemporaryFile(dir=folder) as target:
            scope = rules.scope_of(owner)
            wanted = _ids(owner, export.query)
            _note(export, ExportState.RUNNING, rows=len(wanted), rows_done=0)
            rows = _rows(export, owner, wanted, stopping)
            write_long_sheet(target, _("Cases"), [title for title, _value in columns()], rows, folder=folder)
            file = keep_made(target, XLSX_FILE, name=f"cases-{export.pk}.xlsx")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    actions.finish_export(export, by=owner, file=file, rows=len(wanted), scope=scope)


def _folder_for(export: Export) -> str:
    """An empty folder; what a killed worker left of this export goes."""
    prefix = folder_prefix(export)
    for left_over in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        shutil.rmtree(left_over, ignore_errors=True)
    return tempfile.mkdtemp(prefix=prefix)


def folder_prefix(export: Export) -> str:
    """Of this installation alone: others on the machine number their exports as well."""
    own = crc32(f"{connection.settings_dict['NAME']} {settings.MEDIA_ROOT}".encode())
    return f"bihuan-export-{own:08x}-{export.pk}-"


def _ids(owner: Any, query: str) -> array[int]:
    """Which cases, in the order of the list: eight bytes each, so that later changes move no row."""
    filters = filters_of(query)
    listed = cases_listed_for(owner, filters).order_by(*filters.order).values_list("pk", flat=True)
    return array("q", listed[: rules.MOST_ROWS].iterator(chunk_size=5_000))


def _rows(
    export: Export, owner: Any, wanted: array[int], stopping: Callable[[], bool]
) -> Iterator[list[Any]]:
    """The rows, a batch at a time; what has left the owner's sight meanwhile is left out."""
    values = [value for _title, value in columns()]
    ids = iter(wanted)
    done = 0
    while batch := list(islice(ids, BATCH)):
        if stopping():
            raise Interrupted
        owner.forget_duties()
        cases = cases_listed_for(owner, Filters()).in_bulk(batch)
        for pk in batch:
            if pk in cases:
                yield [value(cases[pk]) for value in values]
        done += len(batch)
        _note(export, ExportState.RUNNING, rows_done=done)


def _note(export: Export, state: str, **changes: int) -> None:
    """Say how far it is; nobody's turn to say so any more when it is finished or put away."""
    under_way = Export.objects.filter(pk=export.pk, state__in=(ExportState.QUEUED, ExportState.RUNNING))
    under_way.update(state=state, changed_at=now(), **changes)


Value = Callable[[Case], Any]


def columns() -> Sequence[tuple[str, Value]]:
    """Titles in the reader's language, and what stands below them. Names and phones of reporters: never."""
    states, channels, urgencies = _words(State), _words(Channel), _words(Urgency)
    satisfactions, supervisions = _words(Satisfaction), _words(Supervision)
    yes = _("yes")
    return [
        (_("Number"), lambda case: case.number),
        (_("Reported at"), lambda case: _moment(case.reported_at)),
        (_("Channel"), lambda case: channels[case.channel]),
        (_("Heading"), lambda case: _text(case.title)),
        (_("What was reported"), lambda case: _text(case.words)),
        (_("Matter"), lambda case: _label(case.matter)),
        (_("Urgency"), lambda case: urgencies[case.urgency]),
        (_("Subdistrict"), lambda case: _label(case.subdistrict)),
        (_("Community"), lambda case: _label(case.community)),
        (_("Area"), lambda case: _label(case.area)),
        (pgettext("of a case", "Place"), lambda case: _text(case.place_in_words)),
        (_("State"), lambda case: states[case.state]),
        (_("Held by"), _holder),
        (_("Handling unit"), lambda case: _label(case.unit)),
        (_("Due"), lambda case: _moment(case.due_at) if case.is_open else None),
        (_("Overdue"), lambda case: yes if case.is_open and case.overdue_at else ""),
        (_("Promised by"), lambda case: _moment(case.promised_at)),
        (_("Filed at"), lambda case: _moment(case.filed_at)),
        (_("Assigned at"), lambda case: _moment(case.assigned_at)),
        (_("Acknowledged at"), lambda case: _moment(case.acknowledged_at)),
        (_("Reported as done at"), lambda case: _moment(case.resolved_at)),
        (_("Closed at"), lambda case: _moment(case.closed_at)),
        (_("What was done"), lambda case: _text(case.resolution)),
        (_("Reply to the reporter"), lambda case: _text(case.reply)),
        (_("Satisfaction"), lambda case: satisfactions[case.satisfaction]),
        (_("Supervision"), lambda case: supervisions[case.supervision]),
        (_("Reworked, times"), lambda case: case.reworks),
        (_("Returned, times"), lambda case: case.returns),
    ]


def _words(choices: type[TextChoices]) -> dict[str, str]:
    """What each value is called, read once rather than in every row."""
    return {"": ""} | {str(value): str(label) for value, label in choices.choices if value}


def _holder(case: Case) -> str:
    holder = holder_of(case)
    return f"{holder.place} ({holder.duty})" if holder else ""


def _label(thing: Any) -> str:
    return str(thing.label) if thing is not None else ""


def _moment(moment: datetime | None) -> datetime | None:
    """On the district's clocks, as spreadsheet programs know them: without a zone."""
    return local(moment).replace(tzinfo=None) if moment is not None else None


def _text(text: str) -> str:
    """What people wrote, without the phone numbers that some write into it."""
    return PHONE_IN_TEXT.sub(_("[phone left out]"), text)
