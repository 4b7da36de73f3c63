"""What happens when people press at the same moment, on real connections."""

from threading import Barrier, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from bihuan.accounts.actions import create_first_administrator, deactivate_person, end_duty, give_duty
from bihuan.accounts.models import Duty, User
from bihuan.accounts.tests.factories import make_person
from bihuan.core.clock import today
from bihuan.core.verdicts import Refusal

pytestmark = [pytest.mark.threads]


def all_at_once(*calls):
    """Run the calls side by side; what each said: "done" or the code of its refusal."""
    barrier, said = Barrier(len(calls)), ["crashed"] * len(calls)

    def run(number, call):
        barrier.wait()
        try:
            call()
            said[number] = "done"
        except Refusal as refusal:
            said[number] = refusal.code
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


@pytest.fixture
def two(transactional_db, town):
    town.north_admin.duties.all().delete()
    return town, make_person(duties=[("administrator", town.district)])


def test_two_administrators_cannot_remove_each_other(two):
    town, second = two
    said = all_at_once(
        lambda: end_duty(town.admin.duties.get(), by=User.objects.get(pk=second.pk)),
        lambda: end_duty(second.duties.get(), by=User.objects.get(pk=town.admin.pk)),
    )
    assert said == ["accounts.last_administrator", "done"] or said == ["accounts.not_administrator", "done"]
    assert Duty.objects.in_force(today()).filter(kind="administrator", area=town.district).count() == 1


def test_two_administrators_cannot_close_each_other(two):
    town, second = two
    said = all_at_once(
        lambda: deactivate_person(town.admin, by=User.objects.get(pk=second.pk)),
        lambda: deactivate_person(second, by=User.objects.get(pk=town.admin.pk)),
    )
    assert said.count("done") == 1 and "crashed" not in said
    assert User.objects.filter(pk__in=[town.admin.pk, second.pk], is_active=True).count() == 1


def test_eight_people_give_the_same_duty_and_one_wins(two):
    town, _second = two

    def give():
        give_duty(town.clerk, kind="inspector", area=town.north, by=User.objects.get(pk=town.admin.pk))

    said = all_at_once(*[give] * 8)
    assert said == ["done"] + ["duty.already_held"] * 7
    assert town.clerk.duties.filter(kind="inspector").count() == 1


def test_the_first_administrator_is_one(two):
    town, _second = two
    Duty.objects.all().delete()
    said = all_at_once(
        *[
            lambda n=n: create_first_administrator(
                username=f"root{n}", name="管理员", password="correct-horse-42", district=town.district
            )
            for n in range(3)
        ]
    )
    assert said == ["accounts.has_administrator"] * 2 + ["done"]


@pytest.mark.django_db
def test_the_command_opens_the_first_administrator(town, monkeypatch, capsys):
    monkeypatch.setattr(
        "bihuan.accounts.management.commands.create_administrator.getpass", lambda _prompt: "correct-horse-42"
    )
    with pytest.raises(CommandError):
        call_command("create_administrator", "root")
    Duty.objects.all().delete()
    call_command("create_administrator", "root", name="系统管理员")
    assert User.objects.get(username="root").holds("administrator", area=town.south)
