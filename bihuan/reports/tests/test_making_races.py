"""A worker that is killed while it makes a summary leaves nothing; any number of workers make it once."""

import os
import signal
import threading
from datetime import time

import pytest
from django.db import connection, connections

from bihuan.core.clock import today, travel
from bihuan.reports import actions
from bihuan.reports.models import Report, Told
from bihuan.reports.writing.periods import moment_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign(make_campaign, make_item):
    with travel(moment_of(today(), time(9))):
        campaign = make_campaign(summary_at=time(18))
        make_item(campaign=campaign)
    return campaign


def evening():
    return travel(moment_of(today(), time(18)))


def killed_at(point, monkeypatch):
    """A process of its own makes the reports and dies by SIGKILL in the middle; returns how it ended."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        monkeypatch.setattr(point, lambda *_args, **_more: os.kill(os.getpid(), signal.SIGKILL))
        with evening():
            actions.make_due_reports()
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WTERMSIG(status)


@pytest.mark.parametrize(
    "point",
    [
        "bihuan.reports.actions.making.write_summary",
        "bihuan.reports.actions.making.record",
        "bihuan.reports.models.Report.save",
    ],
)
def test_killed_half_way_it_is_there_once_afterwards(campaign, point, monkeypatch):
    with monkeypatch.context() as patched:
        assert killed_at(point, patched) == signal.SIGKILL
    assert not Report.objects.exists() and not Told.objects.exists()
    with evening():
        actions.make_due_reports()
        actions.make_due_reports()
    assert [one.number for one in Report.objects.all()] == [f"{campaign.number}-日-001"]


def test_several_workers_make_it_once(campaign):
    begin, failed = threading.Barrier(4), []

    def work():
        begin.wait()
        try:
            with evening():
                actions.make_due_reports()
        except AssertionError as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failed
    assert Report.objects.filter(kind="daily").count() == 1
