"""What a campaign tells of itself when it is saved as experience: nothing of items and people."""

from datetime import date
from decimal import Decimal

from bihuan.core.clock import today
from bihuan.files.queries import content_of
from bihuan.ledgers.definition import Words
from bihuan.ledgers.definition.model import Rate
from bihuan.ledgers.models import Campaign
from bihuan.reports.experience import Experience, Goal, Paper, Rates, TeamWords
from bihuan.reports.models import TemplateVersion
from bihuan.reports.writing import numbers
from bihuan.reports.writing.numbers import area_words, plain


def experience_of(campaign: Campaign) -> Experience:
    definition = campaign.edition.definition
    figures = numbers.figures_of(definition)
    reached = () if campaign.confidential else tuple(numbers.totals(campaign, today(), figures).items())
    teams = campaign.teams.filter(retired_at=None).order_by("pk")
    return Experience(
        definition=definition,
        name=Words(campaign.name, campaign.name_en),
        goal=campaign.goal,
        lessons=campaign.lessons,
        days=(campaign.ends_on - campaign.starts_on).days,
        visibility=campaign.visibility,
        summary_at=f"{campaign.summary_at:%H:%M}" if campaign.summary_at else "",
        origin=area_words(campaign.area),
        made_on=today(),
        teams=tuple(TeamWords(one.name, one.name_en, one.answers_for) for one in teams),
        goals=tuple(
            Goal(one.figure, one.name, max(0, (one.on - campaign.starts_on).days), plain(one.amount))
            for one in campaign.milestones.order_by("on", "pk")
        ),
        papers=tuple(_papers(campaign)),
        rates=_rates(campaign),
        reached=reached,
    )


def _papers(campaign: Campaign) -> list[Paper]:
    rows = TemplateVersion.objects.filter(
        template__ledger=campaign.edition.ledger_id, template__retired_at=None
    )
    rows = rows.order_by("template_id", "-number").distinct("template_id")
    return [
        Paper(one.template.name, one.template.kind, one.type, content_of(one.file))
        for one in rows.select_related("template", "file")
    ]


def _rates(campaign: Campaign) -> Rates | None:
    table = campaign.rate_tables.order_by("-number").first()
    if table is None:
        return None
    return Rates(
        table.basis,
        tuple(
            Rate(
                one["code"],
                Words(one["name"], one.get("name_en", "")),
                one["unit"],
                Decimal(one["amount"]),
                date.fromisoformat(one["valid_from"]),
                quantity=one.get("quantity", ""),
            )
            for one in table.rates
        ),
    )
