"""What may leave a confidential campaign: counts of its items, none of a few, none that differ by a few."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from bihuan.ledgers.definition.model import Figure as Defined
from bihuan.ledgers.figures import is_count_of_items
from bihuan.ledgers.models import Campaign
from bihuan.ledgers.spreads import totals
from bihuan.reports.documents import Amount, Fewer, Part, Summary
from bihuan.reports.models import Told


def figures_alone(summary: Summary) -> Summary:
    """A report for people who see that the campaign is there, but not its items."""
    return replace(summary, parts=tuple(replace(part, tables=(), texts=()) for part in summary.parts))


def outside_part(
    part: Part, campaign: Campaign, defined: Sequence[Defined], *, day: date, at: datetime
) -> Part:
    """The same campaign as others may read of it; remembers what they were told.

    The caller holds the campaign: two reports may not tell of it at once. Sums of money or square metres say
    nothing of how many stand behind them, so they stay inside.
    """
    counts = {one.code: one for one in defined if is_count_of_items(one)}
    told = {one.figure: one for one in Told.objects.filter(campaign=campaign, figure__in=counts)}
    whole = totals(campaign, ("state:open", "state:finished"), day)
    everything = sum(whole.values(), Decimal(0))
    found = []
    for figure in part.figures:
        if figure.code not in counts or not isinstance(figure.value, Decimal):
            continue
        last = Decimal(int(told[figure.code].amount)) if figure.code in told else None
        value = tellable(figure.value, last, everything, campaign.least_count)
        found.append(replace(figure, value=value, change=None, target=None))  # no word of what is missing
        if isinstance(value, Decimal) and value != last:
            Told.objects.update_or_create(
                campaign=campaign, figure=figure.code, defaults={"amount": value, "at": at}
            )
    return replace(part, figures=tuple(found), tables=(), texts=())


def tellable(value: Decimal, last: Decimal | None, whole: Decimal, least: int) -> Amount:
    """The count, “fewer than n”, or what was told last while it has moved by fewer than that; nothing where
    fewer than that of all items are left.
    """
    rest = whole - value
    if 0 < abs(value) < least:
        return Fewer(least)
    if 0 < rest < least or (last is not None and 0 < abs(value - last) < least):
        return last
    return value
