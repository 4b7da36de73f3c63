"""The page of reactions that failed for good, and “run again”."""

from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg.types.json import Jsonb

from bihuan.accounts.tests.factories import make_person
from bihuan.audit import actions, record
from bihuan.audit.models import Entry
from bihuan.territory.tests.factories import make_district

pytestmark = pytest.mark.django_db
PAGE = "/reactions/"


@pytest.fixture
def people(db: None) -> dict[str, Any]:
    district = make_district()
    return {
        kind: make_person(kind, username=kind, duties=[(kind, district)])
        for kind in ("administrator", "auditor", "clerk")
    }


def make_dead(
    count: int = 1, *, subject: Any = None, queueing_lock: str | None = None
) -> list[ProcrastinateJob]:
    for _ in range(count):
        entry = record("thing.done", subject) if subject else None
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_jobs"
                " (queue_name, task_name, args, status, attempts, queueing_lock)"
                " VALUES ('reactions', %s, %s, 'todo', 9, %s) RETURNING id",
                [
                    "audit.react" if entry else "cases.background.remind",
                    Jsonb({"entry_id": entry.pk, "reaction": "cases.background.tell"} if entry else {}),
                    queueing_lock,
                ],
            )
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [cursor.fetchone()[0]]
            )
    return list(ProcrastinateJob.objects.filter(status="failed").order_by("id"))


def test_the_page_names_reaction_event_and_subject(client, people) -> None:
    make_dead(subject=make_person("王芳"))
    make_dead()
    client.force_login(people["administrator"])

    text = client.get(reverse("audit:reactions")).content.decode()

    for words in ("cases.background.tell", "thing.done", "王芳", "cases.background.remind"):
        assert words in text
    assert text.count("/run-again/") == 2


def test_nothing_failed_says_so(client, people) -> None:
    client.force_login(people["auditor"])
    response = client.get(reverse("audit:reactions"))
    assert response.status_code == 200
    assert "/run-again/" not in response.content.decode()


@pytest.mark.parametrize(("who", "status"), [("administrator", 200), ("auditor", 200), ("clerk", 404)])
def test_who_sees_the_page(client, people, who: str, status: int) -> None:
    client.force_login(people[who])
    assert client.get(reverse("audit:reactions")).status_code == status


def test_a_visitor_is_asked_to_sign_in(client, db) -> None:
    assert client.get(reverse("audit:reactions")).status_code == 302


def test_the_page_costs_the_same_for_one_and_for_many(client, people, django_assert_max_num_queries) -> None:
    client.force_login(people["administrator"])
    make_dead(2, subject=make_person())
    client.get(reverse("audit:reactions"))
    with django_assert_max_num_queries(30) as few:
        client.get(reverse("audit:reactions"))
    make_dead(40, subject=make_person())
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("audit:reactions"))


def test_run_again_queues_it_and_says_who(client, people) -> None:
    (job,) = make_dead(subject=make_person())
    client.force_login(people["administrator"])

    response = client.post(reverse("audit:run_again", args=[job.pk]))

    assert response.status_code == 302
    job.refresh_from_db()
    assert job.status == "todo"
    entry = Entry.objects.get(verb="reaction.run_again")
    assert (entry.by, entry.subject_id) == (people["administrator"], job.pk)
    assert entry.data["args"]["reaction"] == "cases.background.tell"


def test_run_again_refuses_a_job_that_is_not_dead(people, refused) -> None:
    (job,) = make_dead(subject=make_person())
    actions.run_again(job, by=people["administrator"])
    with refused("audit.not_dead"):
        actions.run_again(job, by=people["administrator"])


@pytest.mark.parametrize("who", ["auditor", "clerk"])
def test_run_again_refuses_everybody_else(people, refused, who: str) -> None:
    (job,) = make_dead(subject=make_person())
    with refused("audit.not_your_duty"):
        actions.run_again(job, by=people[who])
    job.refresh_from_db()
    assert job.status == "failed"


def test_run_again_refuses_what_the_clock_runs_anyway(people, refused) -> None:
    (job,) = make_dead(queueing_lock="remind")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, status)"
            " VALUES ('periodic', 'cases.background.remind', 'remind', 'todo')"
        )
    with refused("audit.runs_anyway"):
        actions.run_again(job, by=people["administrator"])


@pytest.mark.django_db(transaction=True)
def test_run_again_that_fails_half_way_leaves_the_job_dead(people, breaking_record) -> None:
    from django.db import transaction

    with transaction.atomic():
        (job,) = make_dead(subject=people["clerk"])
    with pytest.raises(breaking_record("bihuan.audit.actions")):
        actions.run_again(job, by=people["administrator"])
    job.refresh_from_db()
    assert job.status == "failed"
    assert not Entry.objects.filter(verb="reaction.run_again").exists()
