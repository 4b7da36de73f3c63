"""A running campaign, its task force and items at any step; and the proof that a refusal leaves no trace."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.accounts.models import Cover, User
from bihuan.accounts.tests.factories import make_person
from bihuan.audit.models import Entry
from bihuan.core.calendar import DEFAULT_ZONE
from bihuan.core.clock import today, travel
from bihuan.files.models import Attachment
from bihuan.ledgers import models
from bihuan.ledgers.tests.factories import CampaignMaker, ItemMaker, people_of
from bihuan.notices.models import Notice

KEPT = (
    models.Ledger, models.Edition, models.LedgerDraft, models.Campaign, models.Milestone,
    models.Team, models.Post, models.Passage, models.Revision, models.CaseLink, models.Signature,
    models.NoticeGiven, models.ItemBatch, models.BatchRow, models.Change, Attachment, Notice,
)  # fmt: skip


def moment(text: str) -> datetime:
    """A moment on the district's clocks: `moment("2025-09-10 09:00")`."""
    return datetime.fromisoformat(text).replace(tzinfo=DEFAULT_ZONE)


@pytest.fixture
def at_nine() -> Iterator[datetime]:
    """It is nine o'clock on an ordinary Wednesday, 10 September 2025, and stays so."""
    morning = moment("2025-09-10 09:00")
    with travel(morning):
        yield morning


@pytest.fixture
def force(cast: Any) -> Any:
    """The task force by name: force.team_leader, force.member, …; force.other_member is in another team."""
    return people_of(cast)


@pytest.fixture
def make_campaign(cast: Any, force: Any) -> CampaignMaker:
    """`make_campaign(begun=False)`: a campaign of the vegetable plots with its task force."""
    return CampaignMaker(cast, force)


@pytest.fixture
def make_item(cast: Any, force: Any, make_campaign: CampaignMaker) -> ItemMaker:
    """`make_item(at="clear")`: an item that went there by real actions."""
    return ItemMaker(cast, force, make_campaign)


@pytest.fixture
def stand_in_for(db: None) -> Callable[..., User]:
    """`stand_in_for(member)`: somebody who stands in for that person today."""

    def cover(absent: User, stand_in: User | None = None) -> User:
        stand_in = stand_in or make_person("代班人")
        day = today()
        Cover.objects.create(absent=absent, stand_in=stand_in, starts_on=day, ends_on=day, reason="年假")
        stand_in.forget_duties()
        return stand_in

    return cover


@pytest.fixture
def entry_of() -> Callable[..., Entry]:
    """`entry_of(item)`: the last entry about something."""

    def last(subject: Any) -> Entry:
        entry = Entry.objects.about(subject).last()
        assert entry is not None
        return entry

    return last


@pytest.fixture
def unchanged() -> Callable[..., Any]:
    """`with unchanged():` passes only when nothing at all was written inside."""

    def everything() -> tuple[Any, ...]:
        return (
            [list(kept.objects.order_by("pk").values_list()) for kept in KEPT],
            list(models.Item.objects.order_by("pk").values_list()),
            Entry.objects.count(),
            ProcrastinateJob.objects.count(),
        )

    @contextmanager
    def watch() -> Iterator[None]:
        before = everything()
        yield
        assert everything() == before

    return watch


@pytest.fixture
def told(settle: Callable[[], int]) -> Callable[..., set[tuple[str, str]]]:
    """`told(item)`: who was told what about something, once every reaction has run."""

    def read(subject: Any) -> set[tuple[str, str]]:
        settle()
        rows = Notice.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
        return {(one.recipient.username, one.kind) for one in rows.select_related("recipient")}

    return read
