"""Experience: saved from a campaign as one file, and taken over as a ledger and a campaign in preparation."""

import hashlib
from dataclasses import replace
from datetime import date, time, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from bihuan.audit import record
from bihuan.core.clock import now
from bihuan.files.actions import accept_upload
from bihuan.files.models import Kind, StoredFile
from bihuan.ledgers import actions as ledgers
from bihuan.ledgers import rules as ledger_rules
from bihuan.ledgers.definition import digest
from bihuan.ledgers.models import Campaign, Edition, Ledger
from bihuan.ledgers.queries import latest_edition
from bihuan.reports import rules
from bihuan.reports.actions.templating import keep_template
from bihuan.reports.documents import check_template
from bihuan.reports.experience import Experience, Paper, pack
from bihuan.reports.queries.handing import experience_of
from bihuan.reports.writing.papers import names_of_ledger
from bihuan.territory.models import Area

SUFFIX = {"docx": ".docx", "xlsx": ".xlsx"}


@transaction.atomic
def save_experience(campaign: Campaign, *, by: Any) -> bytes:
    """Give a campaign away as one file: its ledger, goals and lessons, no items and nobody's name."""
    campaign = Campaign.objects.locked(campaign.pk)
    verdict = rules.may_hand_on(campaign, by).enforce()
    file = pack(experience_of(campaign))
    record(
        "campaign.experience_saved",
        campaign,
        by=by,
        on_behalf_of=verdict.on_behalf_of,
        digest=hashlib.sha256(file).hexdigest(),
    )
    return file


def keep_papers(experience: Experience) -> list[tuple[Paper, StoredFile]]:
    """Keep the files of the templates; before the transaction of `take_over`, as all files are."""
    found = []
    for place, paper in enumerate(experience.papers):
        upload = SimpleUploadedFile(f"{place}{SUFFIX[paper.type]}", BytesIO(paper.content).getvalue())
        found.append((paper, accept_upload(upload, kinds=[Kind.DOCUMENT])))
    return found


@transaction.atomic
def take_over(
    experience: Experience,
    *,
    by: Any,
    area: Area,
    starts_on: date,
    name: str,
    papers: list[tuple[Paper, StoredFile]],
) -> Campaign:
    """Begin where others ended: their ledger is kept here, and a campaign is prepared that has their lessons.

    A ledger that this area has already, and that says the same, is used again.
    """
    verdict = ledger_rules.may_keep(area, by).enforce()
    edition = _edition(experience, area, by)
    campaign = ledgers.make_campaign(
        edition,
        by=by,
        name=name,
        name_en=experience.name.en,
        area=area,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=experience.days),
        visibility=experience.visibility,
        goal=experience.goal,
        summary_at=time.fromisoformat(experience.summary_at) if experience.summary_at else None,
    )
    campaign = _furnish(campaign, experience, by)
    for paper, file in papers:
        checked = check_template(paper.content, names_of_ledger(edition.definition))
        keep_template(paper.name, by=by, checked=checked, file=file, ledger=edition.ledger, kind=paper.kind)
    record(
        "campaign.experience_taken_over",
        campaign,
        by=by,
        on_behalf_of=verdict.on_behalf_of,
        definition=digest(experience.definition),
        templates=len(papers),
    )
    return campaign


def _edition(experience: Experience, area: Area, by: Any) -> Edition:
    definition = experience.definition
    for ledger in Ledger.objects.filter(area=area, retired_at=None).select_related("area"):
        known = latest_edition(ledger)
        settings = replace(definition.settings, code=known.definition.settings.code)
        if known.definition == replace(definition, settings=settings):
            return known
    code = definition.settings.code[:36]
    if code and Ledger.objects.filter(code=code).exists():
        code = f"{code}-{now():%H%M%S%f}"[:40]
        definition = replace(definition, settings=replace(definition.settings, code=code))
    return ledgers.keep_ledger(definition, by=by, area=area)


def _furnish(campaign: Campaign, experience: Experience, by: Any) -> Campaign:
    for team in experience.teams:
        ledgers.add_team(campaign, by=by, name=team.name, name_en=team.name_en, answers_for=team.answers_for)
    if experience.goals:
        goals = [
            ledgers.Goal(one.figure, one.name, campaign.starts_on + timedelta(days=one.day), one.amount)
            for one in experience.goals
        ]
        ledgers.set_milestones(campaign, by=by, milestones=goals)
    if experience.rates is not None:
        ledgers.set_rates(campaign, by=by, basis=experience.rates.basis, rates=experience.rates.rates)
    if not experience.lessons:
        return campaign
    return ledgers.change_campaign(
        campaign,
        by=by,
        name=campaign.name,
        name_en=campaign.name_en,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        visibility=campaign.visibility,
        goal=campaign.goal,
        lessons=experience.lessons,
        summary_at=campaign.summary_at,
    )
