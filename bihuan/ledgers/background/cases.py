"""A case that closes completes the step that waits for it; of another end the item's people are told."""

from bihuan.audit import on
from bihuan.audit.models import Entry
from bihuan.cases.models import Case, State
from bihuan.ledgers import actions
from bihuan.ledgers.models import CaseLink, LinkKind


@on("case.closed", "case.spot_checked", "case.called_back", "case.answered", "case.appeal_decided")
def note_that_case_closed(entry: Entry) -> None:
    """Also of cases that were merged into the one that closes."""
    data = entry.data
    if data.get("state") != State.CLOSED or data.get("was") == State.CLOSED:
        return
    case: Case = entry.subject()
    cases = [case.pk, *Case.objects.filter(merged_into=case).values_list("pk", flat=True)]
    links = CaseLink.objects.filter(case__in=cases, kind=LinkKind.COMPLETES)
    for link in links.select_related("item").defer("item__search").order_by("item_id"):
        actions.note_case_closed(link)


@on("case.declined", "case.withdrawn")
def note_that_case_was_dropped(entry: Entry) -> None:
    links = CaseLink.objects.filter(case=entry.subject(), kind=LinkKind.COMPLETES)
    for link in links.select_related("item").defer("item__search").order_by("item_id"):
        actions.note_case_dropped(link)


@on("item.case_closed")
def complete_step(entry: Entry) -> None:
    link = CaseLink.objects.select_related("item").defer("item__search").filter(pk=entry.data["link"]).first()
    if link is not None:
        actions.complete_step(link)
