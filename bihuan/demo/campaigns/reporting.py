"""The evenings of a campaign: its reports are made when their hour comes, as they would be."""

from datetime import date, timedelta

from bihuan.core.clock import now
from bihuan.demo.campaigns.stage import Script, moment, renewed
from bihuan.ledgers.actions.ticking import catch_up
from bihuan.ledgers.models import Campaign, Item
from bihuan.reports.actions import make_next_report

HOUR = 18


def watch_evenings(script: Script, campaign: Campaign, *, since: date, until: date) -> None:
    """Let reminders, limits and reports come on every evening, from a day to a day."""
    for number in range((until - since).days + 1):
        script.at(moment(since + timedelta(days=number), HOUR), end_day, campaign)


def end_day(campaign: Campaign) -> None:
    """What the worker would have done by this evening."""
    at = now()
    due = Item.objects.lean().filter(campaign=campaign, step_at__lte=at)
    for item in due.select_for_update(of=("self",)):
        catch_up(item, at)
    report(campaign)


def report(campaign: Campaign) -> None:
    """Make every report whose hour has come."""
    while make_next_report(renewed(campaign)) is not None:
        pass
