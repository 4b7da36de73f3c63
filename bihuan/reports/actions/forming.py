"""Forms across campaigns: set up, changed, and filled at the end of their period from what is there."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.audit import record
from bihuan.core.clock import now, today
from bihuan.core.text import clean
from bihuan.core.verdicts import no
from bihuan.ledgers import rules as ledgers
from bihuan.ledgers.definition import Document
from bihuan.ledgers.models import Campaign
from bihuan.reports import rules
from bihuan.reports.actions.making import SIGNS
from bihuan.reports.documents import PERIODS, Part, Summary, digest, from_json, to_json
from bihuan.reports.models import FormPart, Report, ReportForm
from bihuan.reports.queries.dues import last_of_form
from bihuan.reports.writing import numbers
from bihuan.reports.writing.outside import outside_part
from bihuan.reports.writing.periods import Due, due_of_form, ends_of_day
from bihuan.reports.writing.summaries import form_part, form_summary
from bihuan.territory.models import Area

Chosen = Sequence[tuple[str, Campaign]]  # alias, campaign


@transaction.atomic
def make_form(
    name: str, *, by: Any, area: Area, kind: str, hour: time, parts: Chosen, name_en: str = ""
) -> ReportForm:
    """Set up a report that draws on several campaigns: nobody types their figures again."""
    verdict = ledgers.may_keep(area, by).enforce()
    form = ReportForm.objects.create(
        name=_named(name),
        name_en=clean(name_en)[:160],
        area=area,
        kind=kind,
        hour=hour,
        made_at=now(),
        made_by=by,
    )
    _add_parts(form, parts, by)
    record(
        "form.made",
        form,
        by=by,
        on_behalf_of=verdict.on_behalf_of,
        is_first=True,
        kind=kind,
        campaigns=[one.pk for _alias, one in parts],
    )
    return form


@transaction.atomic
def change_form(
    form: ReportForm, *, by: Any, name: str, kind: str, hour: time, parts: Chosen, name_en: str = ""
) -> ReportForm:
    """Change what a form is called, how often it is made, and which campaigns it draws on."""
    form = ReportForm.objects.select_for_update(of=("self",)).select_related("area").get(pk=form.pk)
    verdict = rules.may_keep_form(form, by).enforce()
    form.name, form.name_en, form.kind, form.hour = _named(name), clean(name_en)[:160], kind, hour
    form.save(update_fields=["name", "name_en", "kind", "hour"])
    form.parts.all().delete()
    _add_parts(form, parts, by)
    record(
        "form.changed",
        form,
        by=by,
        on_behalf_of=verdict.on_behalf_of,
        kind=kind,
        campaigns=[one.pk for _alias, one in parts],
    )
    return form


@transaction.atomic
def retire_form(form: ReportForm, *, by: Any) -> ReportForm:
    """Make no more reports of a form; those that are there stay."""
    form = ReportForm.objects.select_for_update(of=("self",)).select_related("area").get(pk=form.pk)
    verdict = rules.may_keep_form(form, by).enforce()
    form.retired_at = now()
    form.save(update_fields=["retired_at"])
    record("form.retired", form, by=by, on_behalf_of=verdict.on_behalf_of)
    return form


def _named(name: str) -> str:
    name = clean(name)[:120]
    if not name:
        no("form.name_missing", _("A form needs a name.")).enforce()
    return name


def _add_parts(form: ReportForm, parts: Chosen, by: Any) -> None:
    if not parts:
        no("form.no_campaign", _("Choose at least one campaign.")).enforce()
    if len(parts) > rules.MOST_PARTS:
        no(
            "form.too_many",
            _("A form draws on at most %(most)s campaigns.") % {"most": rules.MOST_PARTS},
        ).enforce()
    aliases = [clean(alias)[:40] for alias, _campaign in parts]
    if not all(aliases) or len(set(aliases)) < len(aliases):
        no("form.alias_twice", _("Each campaign needs an alias of its own.")).enforce()
    for alias, (_alias, campaign) in zip(aliases, parts, strict=True):
        rules.may_draw_on(campaign, by).enforce()
        FormPart.objects.create(
            form=form, alias=alias, campaign=campaign, whole=rules.gives_lists(form.area, campaign)
        )


# -- filling ------------------------------------------------------------------------------------------


@transaction.atomic
def make_next_form_report(form: ReportForm) -> Report | None:
    """Make the earliest report of a form that is due; whoever keeps its area's ledgers finds it there."""
    form = ReportForm.objects.select_for_update(of=("self",)).select_related("area").get(pk=form.pk)
    at = now()
    before = last_of_form(form)
    due = due_of_form(form, before.ends if before is not None else None, at)
    if due is None or form.retired_at is not None:
        return None
    count = Report.objects.filter(form=form, interim=False).count() + 1
    number = f"B{form.pk:04}-{SIGNS[form.kind]}-{count:03}"
    summary = form_summary(form, due, _parts(form, due, before, at), number=number, at=at, by=None)
    return _kept(form, due, summary, at, before, number=number)


@transaction.atomic
def make_form_report(form: ReportForm, *, by: Any) -> Report:
    """Fill a form with the figures of now, without a number; the one of its period comes all the same."""
    form = ReportForm.objects.select_for_update(of=("self",)).select_related("area").get(pk=form.pk)
    verdict = rules.may_keep_form(form, by).enforce()
    at, before = now(), last_of_form(form)
    due = Due(Document("", PERIODS[form.kind], form.kind), today(), today(), at)
    summary = form_summary(form, due, _parts(form, due, before, at), number="", at=at, by=by)
    return _kept(form, due, summary, at, before, by=by, on_behalf_of=verdict.on_behalf_of)


def _parts(form: ReportForm, due: Due, before: Report | None, at: datetime) -> list[Part]:
    """What each campaign gives. All are held first, in one order, so that no two forms wait crosswise."""
    own = list(form.parts.all())
    held = {pk: Campaign.objects.locked(pk) for pk in sorted(part.campaign_id for part in own)}
    said = from_json(before.content) if before is not None else None
    places = {part.code: place for place, part in enumerate(said.parts)} if said is not None else {}
    found = []
    for part in own:
        campaign = held[part.campaign_id]
        place = places.get(campaign.number, len(places))
        whole = part.whole and rules.gives_lists(form.area, campaign)
        one = form_part(campaign, part.alias, due, said, place, whole=whole)
        if campaign.confidential:
            defined = numbers.figures_of(campaign.edition.definition)
            one = outside_part(one, campaign, defined, day=due.ends, at=at)
        found.append(one)
    return found


def _kept(
    form: ReportForm,
    due: Due,
    summary: Summary,
    at: datetime,
    before: Report | None,
    *,
    number: str = "",
    by: Any = None,
    on_behalf_of: Any = None,
) -> Report:
    report = Report.objects.create(
        form=form,
        kind=form.kind,
        number=number,
        begins=due.begins,
        ends=due.ends,
        since=before.until if before is not None else None,
        until=min(at, ends_of_day(due.ends)),
        interim=not number,
        content=to_json(summary),
        digest=bytes.fromhex(digest(summary)),
        made_at=at,
        made_by=by,
    )
    record(
        "summary.made",
        report,
        by=by,
        on_behalf_of=on_behalf_of,
        area=form.area_id,
        is_first=True,
        kind=str(form.kind),
        number=number,
        digest=bytes(report.digest).hex(),
        interim=report.interim,
        form=form.pk,
    )
    return report
