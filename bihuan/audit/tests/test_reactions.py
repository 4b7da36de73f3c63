"""What follows from an entry happens once, whatever fails in between."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from bihuan.accounts.models import User
from bihuan.accounts.tests.factories import make_person
from bihuan.audit import actions, reactions, record
from bihuan.audit.models import Effect, Entry
from bihuan.audit.running import take_effect
from bihuan.core import clock

committed = pytest.mark.django_db(transaction=True)


class Broken(Exception):
    """Something a reaction stumbles over."""


def rename(entry: Entry) -> None:
    """An effect in the database that shows how often it took place."""
    User.objects.filter(pk=entry.subject_id).update(name=entry.subject().name + "！")


def execute(sql: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


# -- queueing -----------------------------------------------------------------------------------------


@committed
def test_entry_and_jobs_are_one_transaction(react, jobs) -> None:
    subject, name = make_person(), react("thing.done", rename)
    with transaction.atomic():
        entry = record("thing.done", subject)
    assert [job.args for job in jobs()] == [{"entry_id": entry.pk, "reaction": name}]


@committed
def test_a_rolled_back_entry_leaves_no_job(react, jobs) -> None:
    subject = make_person()
    react("thing.done", rename)
    with pytest.raises(Broken), transaction.atomic():
        record("thing.done", subject)
        raise Broken
    assert not jobs()


def test_each_reaction_to_a_verb_has_its_own_job(react, jobs, subject) -> None:
    names = [react("thing.done", lambda entry: None), react("thing.done", rename)]
    record("thing.done", subject)
    record("thing.undone", subject)
    assert [job.args["reaction"] for job in jobs()] == names


def test_at_once_runs_a_reaction_under_the_clock_of_its_entry(react, jobs, subject) -> None:
    moments = []
    react("thing.done", lambda entry: moments.append(clock.now()))
    long_ago = clock.now() - timedelta(days=90)
    with clock.travel(long_ago), reactions.at_once():
        record("thing.done", subject)
    assert moments == [long_ago]
    assert not jobs()


# -- taking effect ------------------------------------------------------------------------------------


def test_an_effect_takes_place_once(react, subject) -> None:
    name = react("thing.done", rename)
    entry = record("thing.done", subject)
    for _ in range(3):
        take_effect(entry, name)
    subject.refresh_from_db()
    assert subject.name == "王芳！"


def test_a_reaction_that_fails_leaves_neither_effect_nor_mark(react, subject) -> None:
    def fail_half_way(entry: Entry) -> None:
        rename(entry)
        raise Broken

    name = react("thing.done", fail_half_way)
    entry = record("thing.done", subject)
    with pytest.raises(Broken):
        take_effect(entry, name)
    subject.refresh_from_db()
    assert subject.name == "王芳"
    assert not Effect.objects.exists()


@pytest.mark.threads
@committed
def test_of_two_workers_one_takes_effect(react) -> None:
    subject, gate = make_person("王芳"), threading.Barrier(4)
    name = react("thing.done", rename)
    with transaction.atomic():
        entry = record("thing.done", subject)

    def work() -> None:
        gate.wait()
        take_effect(entry, name)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    subject.refresh_from_db()
    assert subject.name == "王芳！"
    assert Effect.objects.count() == 1


@pytest.mark.threads
@committed
def test_a_second_worker_takes_over_when_the_first_one_fails(react) -> None:
    subject, started, turns = make_person("王芳"), threading.Event(), []

    def fail_the_first_time(entry: Entry) -> None:
        turns.append(entry.pk)
        if len(turns) == 1:
            started.set()
            threading.Event().wait(0.3)  # the second worker now waits for the mark
            raise Broken
        rename(entry)

    name = react("thing.done", fail_the_first_time)
    with transaction.atomic():
        entry = record("thing.done", subject)

    def first() -> None:
        with pytest.raises(Broken):
            take_effect(entry, name)
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert started.wait(10)
    take_effect(entry, name)
    thread.join(10)
    subject.refresh_from_db()
    assert (len(turns), subject.name) == (2, "王芳！")


# -- a real worker ------------------------------------------------------------------------------------


@pytest.mark.threads
@committed
def test_a_worker_runs_what_is_queued(react, jobs, run_worker) -> None:
    subject = make_person("王芳")
    react("thing.done", rename)
    with transaction.atomic():
        record("thing.done", subject)
    run_worker()
    subject.refresh_from_db()
    assert subject.name == "王芳！"
    assert not jobs() and not jobs("failed"), "what succeeded is deleted"


@pytest.mark.threads
@committed
def test_what_a_reaction_records_is_queued_in_its_own_transaction(react, jobs, run_worker) -> None:
    """Inside a worker too: a job must not be there before, or without, the entry it answers."""
    subject, seen = make_person("王芳"), []

    def record_and_fail_once(entry: Entry) -> None:
        record("thing.followed", entry.subject())
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE args->>'reaction' = %s", [follow])
            seen.append(cursor.fetchone()[0])
        if len(seen) == 1:
            raise Broken

    follow = react("thing.followed", rename)
    react("thing.done", record_and_fail_once)
    with transaction.atomic():
        record("thing.done", subject)
    run_worker()
    assert [job.args["reaction"] for job in jobs()].count(follow) == 0, "rolled back with its entry"

    execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    run_worker()
    subject.refresh_from_db()
    assert seen == [1, 1]
    assert Entry.objects.filter(verb="thing.followed").count() == 1
    assert subject.name == "王芳！"


@pytest.mark.threads
@committed
def test_a_failing_reaction_is_tried_again_with_growing_pauses_and_then_listed(
    react, jobs, run_worker
) -> None:
    from bihuan.audit.queries import dead_jobs

    subject, attempts = make_person(), []

    def fail(entry: Entry) -> None:
        attempts.append(entry.pk)
        raise Broken

    react("thing.done", fail)
    with transaction.atomic():
        record("thing.done", subject)
    pauses = []
    while not (dead := list(dead_jobs())):
        run_worker()
        for job in jobs():
            pauses.append(round((job.scheduled_at - clock.real_now()).total_seconds()))
            execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
        assert len(attempts) < 20
    assert pauses == pytest.approx([4**n for n in range(1, 9)], abs=3)
    assert len(attempts) == 9
    assert [job.task_name for job in dead] == ["audit.react"]


@pytest.mark.threads
@committed
def test_jobs_of_a_killed_worker_run_again(react, jobs, run_worker) -> None:
    subject = make_person("王芳")
    react("thing.done", rename)
    with transaction.atomic():
        record("thing.done", subject)
    execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '2 minutes')")
    execute(
        "UPDATE procrastinate_jobs SET status = 'doing',"
        " worker_id = (SELECT max(id) FROM procrastinate_workers)"
    )

    assert actions.rescue_jobs() == 1
    assert actions.rescue_jobs() == 0
    run_worker()
    subject.refresh_from_db()
    assert subject.name == "王芳！"


@committed
def test_jobs_of_a_living_worker_are_left_alone(react, jobs) -> None:
    subject = make_person()
    react("thing.done", rename)
    with transaction.atomic():
        record("thing.done", subject)
    execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    execute(
        "UPDATE procrastinate_jobs SET status = 'doing',"
        " worker_id = (SELECT max(id) FROM procrastinate_workers)"
    )
    assert actions.rescue_jobs() == 0
    assert len(jobs("doing")) == 1


@committed
def test_an_orphan_of_the_clock_gives_way_to_its_next_turn(db) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    for status in ("doing", "todo"):
        execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, status)"
            " VALUES ('periodic', 'audit.background.seal_days', 'seal', %s)",
            status,
        )
    assert actions.rescue_jobs() == 0
    assert [job.status for job in ProcrastinateJob.objects.all()] == ["todo"]


# -- the clock ----------------------------------------------------------------------------------------


def test_what_the_clock_runs_is_registered() -> None:
    from procrastinate.contrib.django import app

    assert {"audit.background.seal_days", "audit.background.rescue_jobs"} <= reactions.periodic.keys()
    registered = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert registered["audit.background.seal_days"] == reactions.CRON["day"]
    assert registered["audit.background.rescue_jobs"] == reactions.CRON["minute"]
    assert app.tasks["audit.background.seal_days"].queueing_lock == "audit.background.seal_days"
