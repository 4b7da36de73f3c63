"""Items and cases: a step opens a case, a closing case completes a step, others are linked."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.audit import record
from bihuan.cases.actions import report_case
from bihuan.cases.models import Case, Channel, Matter
from bihuan.core.verdicts import YES, Refusal, Verdict, no
from bihuan.files.models import StoredFile
from bihuan.ledgers import rules
from bihuan.ledgers.actions.loop import (
    STEPPED,
    enter,
    hold,
    hold_for_system,
    keep,
    leave,
    lift_block,
    lock,
    save,
)
from bihuan.ledgers.actions.stepping import go_on
from bihuan.ledgers.models import CampaignState, CaseLink, Item, ItemState, LinkKind
from bihuan.territory.models import Place, PlaceKind


@transaction.atomic
def open_case(item: Item, *, by: Any, words: str, photos: Iterable[StoredFile] = ()) -> CaseLink:
    """Report what the present step found, as a case of its own, whose end may be the end of the step.

    The desk that takes it in reads only `words`: of a confidential item not even the heading goes with them,
    nor which household of a building it is.
    """
    held = hold("open_case", item, by)
    item, step = held.item, rules.present_step(held.item)
    matter = Matter.objects.filter(code=step.opens_case).first()
    place = _place_told(item)
    point = item if place == item.place else place
    report = report_case(
        by=by,
        words=words,
        title="" if item.campaign.confidential else item.title,
        place=place,
        lon=point.lon if point is not None else None,
        lat=point.lat if point is not None else None,
        area=item.area,
        photos=photos,
        channel=Channel.DESK,
        category=matter.name if matter is not None else "",
    )
    kind = LinkKind.COMPLETES if step.case_completes else LinkKind.OPENED
    link = CaseLink.objects.create(item=item, case=report.case, kind=kind, step=step.code, made_at=held.at)
    keep(held, "open_case", [], step=step.code, case=report.case_id, kind=str(kind))
    return link


def _place_told(item: Item) -> Place | None:
    place = item.place
    if place is not None and place.kind == PlaceKind.HOUSEHOLD and item.campaign.confidential:
        return place.parent
    return place


@transaction.atomic
def link_case(item: Item, *, by: Any, case: Case, completes: bool = False) -> CaseLink:
    """Say that a case belongs to an item, or that its end completes the present step of it."""
    held = hold("link_case", item, by)
    item = held.item
    if not Case.objects.worked_on_by(by).filter(pk=case.pk).exists():
        no("item.case_not_yours", _("This case is not within your duties.")).enforce()
    if CaseLink.objects.filter(item=item, case=case).exists():
        no("item.case_linked", _("This case is linked already.")).enforce()
    if completes and not (rules.present_step(item).case_completes and case.is_open):
        no("item.case_completes_nothing", _("No case that is under way completes this step.")).enforce()
    kind = LinkKind.COMPLETES if completes else LinkKind.MENTIONED
    step = item.step_code if completes else ""
    link = CaseLink.objects.create(item=item, case=case, kind=kind, step=step, made_at=held.at)
    keep(held, "link_case", [], case=case.pk, kind=str(kind), step=step)
    return link


@transaction.atomic
def note_case_closed(link: CaseLink, *, by: Any = None) -> None:
    """Put it on the item's record that the case its step waits for is closed; the step is done after that.

    In a transaction of its own: one case may complete steps of several items, and figures of one item after
    the other in one transaction could wait for those of somebody else crosswise.
    """
    item = lock(link.item)
    if item.state == ItemState.OPEN and item.step_code == link.step:
        record("item.case_closed", item, by=by, campaign=item.campaign_id, case=link.case_id, link=link.pk)


@transaction.atomic
def note_case_dropped(link: CaseLink, *, by: Any = None) -> None:
    """Put it on the item's record that the case its step waits for was not accepted, or was withdrawn.

    The step waits for nothing any longer; its people are told, and take it by hand or open another case.
    """
    item = lock(link.item)
    if item.state == ItemState.OPEN and item.step_code == link.step:
        record("item.case_dropped", item, by=by, campaign=item.campaign_id, case=link.case_id)


@transaction.atomic
def complete_step(link: CaseLink, *, by: Any = None) -> Verdict:
    """Let a step be done because its case is closed. Nobody is present: where something is still missing, the
    item stays where it is, and its people are told what.
    """
    held = hold_for_system(link.item)
    item = held.item
    if item.state != ItemState.OPEN or item.step_code != link.step:
        return no("item.wrong_state", _("The item has gone on already."))
    if item.campaign.state != CampaignState.RUNNING:
        return no("campaign.wrong_state", _("The campaign is not running."))
    waits = rules.waits_for_case(item)
    if not waits:  # for another one; its end comes by here as well
        return waits
    try:
        step, following = go_on(held, {}, to=None)
    except Refusal as refusal:
        item.answers = dict(held.answers)
        save(held, "item.case_ended", [], case=link.case_id, step=item.step_code, because=refusal.code)
        return no(refusal.code, refusal.sentence)
    to = following.code if following else ""
    late = leave(held, to)
    lift_block(item)
    enter(held, following)
    save(
        held,
        rules.FLOW["take_step"].event,
        ["answers", *STEPPED],
        step=step.code,
        to=to,
        late=late,
        case=link.case_id,
    )
    return YES
