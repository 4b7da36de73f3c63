"""A ledger at work: the vegetable plots, a task force with posts, items brought to any step by actions."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from bihuan.accounts.tests.factories import make_person
from bihuan.core.clock import now, today
from bihuan.files.actions import accept_upload
from bihuan.files.models import StoredFile
from bihuan.files.tests.samples import jpeg, upload
from bihuan.ledgers import actions
from bihuan.ledgers.definition import Definition
from bihuan.ledgers.drafts import Draft
from bihuan.ledgers.models import Campaign, Edition, Item
from bihuan.ledgers.tests.books import gardens, read

STEPS = ("survey", "clear", "accept", "finished")


def plots(*, confidential: bool = False, splits: bool = True, **changed: Any) -> Definition:
    """The definition of the vegetable plots, whose items may be split."""
    found = read(gardens())
    settings = replace(
        found.settings, confidential=confidential, splits=splits, **changed.pop("settings", {})
    )
    return replace(found, settings=settings, **changed)


def step_changed(definition: Definition, code: str, **changed: Any) -> Definition:
    """The same with one step changed."""
    steps = tuple(replace(one, **changed) if one.code == code else one for one in definition.steps)
    return replace(definition, steps=steps)


def photo(seed: int = 1) -> StoredFile:
    return accept_upload(upload(jpeg(seed=seed, width=64, height=48)))


def people_of(cast: Any) -> SimpleNamespace:
    """The task force: who leads a team, who is in it, whose roles lie over all, who is in another team."""
    return SimpleNamespace(
        team_leader=make_person("组长", username="team_leader"),
        member=make_person("组员", username="member"),
        other_member=make_person("别组组员", username="other_member"),
        cleaner=make_person("清理队员", username="cleaner"),
        lawyer=make_person("法律顾问", username="lawyer"),
    )


class CampaignMaker:
    """Prepares and begins campaigns of the vegetable plots, each with the same task force."""

    def __init__(self, cast: Any, force: SimpleNamespace):
        self.cast, self.force = cast, force
        self.editions: dict[Definition, Edition] = {}

    def edition(self, definition: Definition) -> Edition:
        if definition not in self.editions:
            code = f"{definition.settings.code}{len(self.editions) or ''}"
            own = replace(definition, settings=replace(definition.settings, code=code))
            self.editions[definition] = actions.keep_ledger(
                own, by=self.cast.clerk, area=self.cast.places.street
            )
        return self.editions[definition]

    def __call__(
        self, *, begun: bool = True, definition: Definition | None = None, **fields: Any
    ) -> Campaign:
        edition = self.edition(definition or plots())
        told: dict[str, Any] = {
            "name": "小菜园清理",
            "area": self.cast.places.street,
            "starts_on": today() - timedelta(days=20),
            "ends_on": today() + timedelta(days=60),
        }
        by = self.cast.clerk
        campaign = actions.make_campaign(edition, by=by, **(told | fields))
        team = actions.add_team(campaign, by=by, name="一组", area=self.cast.places.community)
        other = actions.add_team(campaign, by=by, name="二组")
        for person, role, where in (
            (self.force.team_leader, "leader", team),
            (self.force.member, "member", team),
            (self.force.other_member, "member", other),
            (self.force.cleaner, "清理队", None),
            (self.force.lawyer, "法律顾问", None),
        ):
            actions.join_campaign(campaign, by=by, person=person, team=where, role=role)
        return actions.begin_campaign(campaign, by=by) if begun else campaign


class ItemMaker:
    """Brings an item to a step by the actions that lead there."""

    def __init__(self, cast: Any, force: SimpleNamespace, make_campaign: CampaignMaker):
        self.cast, self.force, self.make_campaign = cast, force, make_campaign
        self.count = 0

    def __call__(
        self, at: str = "survey", *, campaign: Campaign | None = None, responsible: bool = True, **fields: Any
    ) -> Item:
        campaign = campaign or self.make_campaign()
        item = actions.add_item(campaign, by=self.cast.clerk, draft=self.draft(**fields))
        if responsible:
            item = actions.assign_item(
                item, by=self.cast.clerk, team=item.team, responsible=self.force.member
            )
        for step in STEPS[: STEPS.index(at)]:
            item = getattr(self, step)(item)
        return item

    def draft(self, **fields: Any) -> Draft:
        self.count += 1
        lon, lat = self.cast.places.inside
        told: dict[str, Any] = {"title": f"{self.count} 号菜园", "lon": lon, "lat": lat}
        told["answers"] = {"owner": "王某"}
        return Draft(**(told | fields))

    def survey(self, item: Item) -> Item:
        self.open_gate(item)
        return actions.take_step(item, by=self.force.member)

    def open_gate(self, item: Item) -> Item:
        """Everything that the gate before clearing asks for."""
        item = actions.fill_item(
            item, by=self.force.member, answers={"reason": "refused", "basis": photo(7), "before": photo(8)}
        )
        actions.give_notice(
            item,
            by=self.force.member,
            channel="door",
            text="请于十五日内自行清理",
            given_at=now() - timedelta(days=16),
        )
        actions.sign_condition(item, by=self.cast.leader, gate="lawful", condition=3)
        return Item.objects.with_names().get(pk=item.pk)

    def clear(self, item: Item) -> Item:
        return actions.take_step(item, by=self.force.cleaner, answers={"cleared": date.isoformat(today())})

    def accept(self, item: Item) -> Item:
        return actions.take_step(item, by=self.cast.inspector)
