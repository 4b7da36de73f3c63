"""An ordinary morning, photos, stand-ins, and the proof that a refusal leaves no trace."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.accounts.models import Cover, User
from bihuan.accounts.tests.factories import hold as give_duty
from bihuan.accounts.tests.factories import make_person
from bihuan.audit.models import Entry
from bihuan.audit.queries import entries_about
from bihuan.cases.models import Assistance, Call, Case, PhotoDoubt, Recheck, Whistle
from bihuan.core.calendar import DEFAULT_ZONE
from bihuan.core.clock import today, travel
from bihuan.files.actions import accept_upload
from bihuan.files.models import Attachment, StoredFile
from bihuan.files.tests.samples import jpeg, upload
from bihuan.notices.models import Notice


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
def photo(db: None) -> Callable[..., StoredFile]:
    """`photo(2)`: an accepted upload, another one for each number."""

    def take(seed: int = 1) -> StoredFile:
        return accept_upload(upload(jpeg(seed=seed, width=64, height=48)))

    return take


@pytest.fixture
def stand_in_for(db: None) -> Callable[..., User]:
    """`stand_in_for(clerk)`: somebody who covers that person's duties today."""

    def cover(absent: User, stand_in: User | None = None, **duties: Any) -> User:
        stand_in = stand_in or make_person("代班人", **duties)
        day = today()
        Cover.objects.create(absent=absent, stand_in=stand_in, starts_on=day, ends_on=day, reason="年假")
        stand_in.forget_duties()
        return stand_in

    return cover


@pytest.fixture
def hold(db: None) -> Callable[..., Any]:
    """`hold(person, "inspector", area)`: give somebody one more duty."""
    return give_duty


@pytest.fixture
def entry_of() -> Callable[..., Entry]:
    """`entry_of(case)`: the last entry about a case."""

    def last(case: Case) -> Entry:
        entry = entries_about(case).last()
        assert entry is not None
        return entry

    return last


@pytest.fixture
def told(settle: Callable[[], int]) -> Callable[[Case], set[tuple[str, str]]]:
    """`told(case)`: who was told what about a case, once every reaction has run."""

    def read(case: Case) -> set[tuple[str, str]]:
        settle()
        notices = Notice.objects.filter(subject_type="cases.case", subject_id=case.pk)
        return {(notice.recipient.username, notice.kind) for notice in notices.select_related("recipient")}

    return read


@pytest.fixture
def unchanged() -> Callable[..., Any]:
    """`with unchanged():` passes only when nothing at all was written inside."""

    def everything() -> tuple[Any, ...]:
        cases = [
            (case, list(case.reports.order_by("pk").values_list()))
            for case in Case.objects.order_by("pk").defer("search")
        ]
        return (
            [({k: v for k, v in vars(case).items() if k != "_state"}, reports) for case, reports in cases],
            [
                list(kept.objects.order_by("pk").values_list())
                for kept in (Assistance, Whistle, Call, PhotoDoubt, Recheck)
            ],
            Entry.objects.count(),
            Attachment.objects.count(),
            ProcrastinateJob.objects.count(),
            Notice.objects.count(),
        )

    @contextmanager
    def watch() -> Iterator[None]:
        before = everything()
        yield
        assert everything() == before

    return watch


@pytest.fixture
def anonymous(make_case: Any) -> Any:
    """A report without an account behind it, whose case waits for a call."""
    report = make_case.report(by=None, consenting=True, name="张三")
    case = report.case
    for step in make_case.way_to("inspected"):
        case = getattr(make_case, step)(case, make_case.cast.pipes)
    report.refresh_from_db()
    return report
