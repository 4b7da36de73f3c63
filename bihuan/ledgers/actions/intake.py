"""Items come into a campaign: numbered under its lock, once for each source, at their first step."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import User
from bihuan.audit import record, record_first
from bihuan.cases.queries import area_of
from bihuan.core.clock import local, now
from bihuan.core.rows import insert_all
from bihuan.core.text import clean
from bihuan.core.verdicts import Refusal, Verdict, no
from bihuan.ledgers import figures, rules
from bihuan.ledgers.actions.answering import brings_files, settle_any
from bihuan.ledgers.actions.loop import judge_block, revision_of, search_words, start_step
from bihuan.ledgers.definition import begin
from bihuan.ledgers.drafts import Draft
from bihuan.ledgers.models import Campaign, Item, Passage, Post, Team
from bihuan.ledgers.queries.facts import fields_from_place
from bihuan.territory.models import Area
from bihuan.territory.queries import facts_of_places, looks_swapped


@transaction.atomic
def add_item(campaign: Campaign, *, by: Any, draft: Draft) -> Item:
    """Enter one thing into a campaign. The same source again gives the item that is already there."""
    return add_items(campaign, by=by, drafts=[draft])[0]


@transaction.atomic
def add_items(campaign: Campaign, *, by: Any, drafts: Iterable[Draft]) -> list[Item]:
    """Enter many things at once, all or none; in the order given, each with the next number."""
    campaign = Campaign.objects.numbering(campaign.pk)
    drafts = list(drafts)
    intake = Intake(campaign, by, drafts)
    items = [intake.take(draft) for draft in drafts]
    _write(intake)
    return items


@transaction.atomic
def add_good_items(campaign: Campaign, *, by: Any, drafts: Iterable[Draft]) -> list[Item | Refusal]:
    """Enter those of many things that can be entered; of each other one say why not. They hold no files."""
    campaign = Campaign.objects.numbering(campaign.pk)
    drafts = list(drafts)
    intake = Intake(campaign, by, drafts)
    found = [intake.attempt(draft) for draft in drafts]
    _write(intake)
    return found


class Intake:
    """Items on their way into a campaign whose numbers are held; on `trial`, nothing is to be written."""

    def __init__(self, campaign: Campaign, by: Any, drafts: Sequence[Draft], *, trial: bool = False) -> None:
        self.campaign, self.by, self.at = campaign, by, now()
        self.here = local(self.at)
        self.definition = campaign.edition.definition
        self.defaults = begin(self.definition, at=self.here)
        self.teams = list(campaign.teams.filter(retired_at=None).order_by("pk"))
        self.own = self._own_team()
        self.verdicts: dict[tuple[int, int | None], Verdict] = {}
        keys = {key[:120] for one in drafts for key in (one.source_key, one.parent_key) if key}
        there = Item.objects.lean().filter(campaign=campaign, source_key__in=keys)
        self.known = {one.source_key: one for one in there}
        self.pks = iter(new_pks(len(drafts)) if not trial else range(-len(drafts), 0))
        self.able: set[tuple[int | None, int]] = set()  # who may answer for items of which team
        self.facts = self._facts(drafts)
        self.new: list[tuple[Item, Verdict]] = []
        self.with_files: set[int] = set()  # whose record begins with the files put beside them

    def take(self, draft: Draft) -> Item:
        key = draft.source_key[:120]
        if key in self.known:
            return self.known[key]
        item = self._item(draft)
        item.source_key = key
        verdict = self._verdict(item)
        item.__dict__["_facts"] = self.facts.get(item.place_id or 0, {})
        item.answers = dict(self.defaults)
        item.answers = settle_any(item, draft.answers, by=self.by, here=self.here)
        if brings_files(self.definition, draft.answers):
            self.with_files.add(item.pk)
        begin_item(item, self.at, self.here)
        self.campaign.items += 1
        item.number = self.campaign.items
        self.new.append((item, verdict))
        if key:
            self.known[key] = item
        return item

    def attempt(self, draft: Draft) -> Item | Refusal:
        """The item, or why it is none."""
        try:
            return self.take(draft)
        except Refusal as refusal:
            return refusal

    def _item(self, draft: Draft) -> Item:
        lon, lat = draft.lon, draft.lat
        if lon is not None and lat is not None and looks_swapped(lon, lat):
            lon, lat = lat, lon
        if draft.place is not None and lon is None:
            lon, lat = draft.place.lon, draft.place.lat
        area = area_of(place=draft.place, lon=lon, lat=lat) or draft.area or self.campaign.area
        if not self.campaign.area.covers(area):
            no(
                "item.outside_area",
                _("“%(title)s” lies outside the area of this campaign.") % {"title": draft.title},
            ).enforce()
        title = clean(draft.title)[:120]
        if not title:
            no("item.title_missing", _("An item needs a heading.")).enforce()
        if draft.team is not None and draft.team not in self.teams:
            no("item.other_campaigns_team", _("This team is dissolved, or another campaign's.")).enforce()
        team = draft.team or self._team_of(area) or self.own
        if draft.responsible is not None:
            self._check(team, draft.responsible)
        return Item(
            pk=next(self.pks),
            campaign=self.campaign,
            edition=self.campaign.edition,
            title=title,
            area=area,
            place=draft.place,
            lon=lon,
            lat=lat,
            team=team,
            responsible=draft.responsible,
            parent=self._parent(draft),
            made_at=self.at,
            changed_at=self.at,
        )

    def _facts(self, drafts: Sequence[Draft]) -> dict[int, dict[str, int]]:
        """What the places of these drafts know, in one query; none where no field asks for it."""
        places = {draft.place.pk for draft in drafts if draft.place is not None}
        asks = bool(places and fields_from_place(self.definition))
        return facts_of_places(places) if asks else {}

    def _parent(self, draft: Draft) -> Item | None:
        if not draft.parent_key:
            return None
        if not self.definition.settings.splits:
            no("item.splits_not", _("Items of this ledger cannot be split.")).enforce()
        parent = self.known.get(draft.parent_key[:120])
        if parent is None or not self._sees(parent):
            no("item.no_parent", _("The item that it is a part of is not there.")).enforce()
        return parent

    def _sees(self, item: Item) -> bool:
        """Nobody makes parts of what is kept from them, nor learns that it is there."""
        item.campaign = self.campaign  # which remembers who is who
        return not self.campaign.confidential or rules.sees_item(item, self.by)

    def _check(self, team: Team | None, person: User) -> None:
        key = (team.pk if team is not None else None, person.pk)
        if key not in self.able:
            check_responsible(self.campaign.pk, team, person)
            self.able.add(key)

    def _own_team(self) -> Team | None:
        """The one team of somebody who does not run the campaign: what they enter is theirs to see and do."""
        if rules.runs(self.campaign, self.by) is not None:
            return None
        keys = {part.post.team_id for part in rules.parts_of(self.campaign, self.by)}
        return next((one for one in self.teams if keys == {one.pk}), None)

    def _team_of(self, area: Area) -> Team | None:
        """The team whose area it lies in, the smallest one of several."""
        near = [one for one in self.teams if one.area is not None and one.area.covers(area)]
        return max(near, key=lambda one: one.area.depth if one.area else 0, default=None)

    def _verdict(self, item: Item) -> Verdict:
        key = (item.area_id, item.team_id)
        if key not in self.verdicts:
            asked = rules.may_add_item(self.campaign, self.by, area=item.area, team=item.team)
            self.verdicts[key] = asked.enforce()
        return self.verdicts[key]


def _write(intake: Intake) -> None:
    """Insert what is new, with everything that belongs to it, and record each."""
    write_items([item for item, _verdict in intake.new], at=intake.at, by=intake.by)
    intake.campaign.save(update_fields=["items"])
    alone = []
    for item, verdict in intake.new:
        if item.pk in intake.with_files:
            record("item.added", item, by=intake.by, on_behalf_of=verdict.on_behalf_of, **_recorded(item))
        else:
            alone.append((item, verdict.on_behalf_of, _recorded(item)))
    record_first("item.added", alone, by=intake.by)


def _recorded(item: Item) -> dict[str, Any]:
    """What the record says of a new item: keys, codes and numbers."""
    told = {
        "campaign": item.campaign_id,
        "number": item.number,
        "step": item.step_code,
        "due": item.due_at.isoformat() if item.due_at else None,
    }
    if item.parent_id is not None:
        told["split_from"] = item.parent_id
    if item.source_key.startswith("place:"):
        told["source"] = item.source_key
    return told


def new_pks(count: int) -> list[int]:
    """Keys for items that are to be written; files are put beside them before that."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ledgers_item_id_seq') FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]


def is_at_work(team: Team, campaign_id: int) -> bool:
    """Whether a team is one of this campaign, whose key is held, and not dissolved meanwhile."""
    return Team.objects.filter(pk=team.pk, campaign=campaign_id, retired_at=None).exists()


def check_responsible(campaign_id: int, team: Team | None, person: User) -> None:
    """Only somebody of the task force answers for an item: of its team, or over all teams."""
    posts = Post.objects.current().filter(campaign=campaign_id, person=person)
    if not any(one.team_id is None or team is None or one.team_id == team.pk for one in posts):
        no(
            "item.not_in_team",
            _("%(person)s is not in this team. Add them to the task force first.") % {"person": person.name},
        ).enforce()


def begin_item(item: Item, at: datetime, here: datetime) -> None:
    """Let a new item stand at its first step."""
    step = rules.first_step(item.edition.definition, item.answers, at=here)
    if step is None:
        no("item.no_step", _("No step of this ledger is for “%(title)s”.") % {"title": item.title}).enforce()
        return
    start_step(item, step, at)
    judge_block(item, here)


def write_items(items: list[Item], *, at: datetime, by: Any) -> None:
    """Insert new items with everything that belongs to them."""
    figures.follow_all(((item, {}) for item in items), at)
    for item in items:
        item.search = search_words(item)
    insert_all(items)
    insert_all([Passage(item=item, step=item.step_code, entered_at=at) for item in items])
    insert_all([revision_of(item, {}, by=by, at=at) for item in items])
