"""Templates and forms that somebody keeps, and what they may choose from."""

from typing import Any

from django.db.models import Max, Q, QuerySet

from bihuan.ledgers import queries as ledgers
from bihuan.ledgers.models import Campaign, CampaignState, Ledger
from bihuan.ledgers.rules import areas_of_keeping
from bihuan.reports import rules
from bihuan.reports.models import ReportForm, ReportTemplate, TemplateVersion


def _kept(user: Any) -> Q:
    found = Q(pk__in=())
    for area in areas_of_keeping(user):
        found |= Q(area__path__startswith=area.path)
    return found


def templates_kept(user: Any) -> QuerySet[ReportTemplate]:
    """The templates that this person may replace and retire, by name."""
    rows = ReportTemplate.objects.filter(_kept(user)).select_related("area", "ledger", "form__area")
    return rows.defer("area__boundary").annotate(newest=Max("versions__number")).order_by("name", "pk")


def ledgers_with_templates(user: Any) -> QuerySet[Ledger]:
    """The ledgers for which this person may keep templates."""
    return Ledger.objects.filter(_kept(user), retired_at=None).select_related("area").defer("area__boundary")


def versions_of(template: ReportTemplate) -> QuerySet[TemplateVersion]:
    return template.versions.select_related("made_by", "file", "template").order_by("-number")


def version_kept(user: Any, pk: int) -> TemplateVersion | None:
    rows = TemplateVersion.objects.filter(template__in=templates_kept(user).values("pk"))
    related = ("template__ledger", "template__form__area", "file")
    return rows.select_related(*related).filter(pk=pk).first()


def forms_kept(user: Any) -> QuerySet[ReportForm]:
    """The forms across campaigns that this person keeps and reads, those in use first."""
    rows = ReportForm.objects.filter(_kept(user)).select_related("area").defer("area__boundary")
    rows = rows.annotate(last=Max("reports__id", filter=Q(reports__interim=False)))
    return rows.order_by("-retired_at", "-pk")


def campaigns_to_draw_on(user: Any) -> list[Campaign]:
    """The campaigns that somebody may put into a form, those that run first."""
    rows = ledgers.campaigns_for(user).exclude(state=CampaignState.DRAFT).order_by("-state", "-pk")[:200]
    return [one for one in rows if rules.version_for(user, one)]


def sees_version(user: Any, pk: int) -> bool:
    """Whether somebody may fetch the file of a template: whoever keeps it."""
    return TemplateVersion.objects.filter(pk=pk, template__in=templates_kept(user).values("pk")).exists()
