"""Rates and reckonings as people read them, and the quantities that an item's own fields tell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import get_language

from bihuan.core.clock import today
from bihuan.core.verdicts import Verdict
from bihuan.ledgers import rules
from bihuan.ledgers.definition import Rate
from bihuan.ledgers.figures import number
from bihuan.ledgers.models import Campaign, Item, MoneyLine, RateTable, Reckoning

Rated = dict[str, Any]  # one row of a table: code, name, name_en, unit, amount, valid_from, quantity


@dataclass(frozen=True)
class Offer:
    """So many units of a rate, as a field of the item says."""

    rate: Rated
    quantity: Decimal


def latest_table(campaign: Campaign) -> RateTable | None:
    return RateTable.objects.filter(campaign=campaign).order_by("-number").first()


def rates_in_force(table: RateTable, day: date) -> list[Rated]:
    """Of each code the amount that is valid on a day, in the order of the table."""
    found: dict[str, Rated] = {}
    for rate in sorted(table.rates, key=lambda one: str(one["valid_from"])):
        if date.fromisoformat(rate["valid_from"]) <= day:
            found[rate["code"]] = rate
    order = [rate["code"] for rate in table.rates]
    return sorted(found.values(), key=lambda rate: order.index(rate["code"]))


def rate_in_force(table: RateTable, code: str, day: date) -> Rated | None:
    return next((rate for rate in rates_in_force(table, day) if rate["code"] == code), None)


def rate_name(rate: Mapping[str, Any]) -> str:
    """In the reader's language."""
    english = (get_language() or "").startswith("en")
    return str((rate["name_en"] if english else "") or rate["name"])


def quantities_offered(item: Item, table: RateTable) -> list[Offer]:
    """What the item's own fields say of each rate; a field inside a repeat is summed over its entries."""
    found = []
    for rate in rates_in_force(table, today()):
        name = rate.get("quantity")
        total = sum(_numbers(item.answers, name), Decimal(0)) if name else Decimal(0)
        if total > 0:
            found.append(Offer(rate, total))
    return found


def _numbers(answers: Mapping[str, Any], name: str) -> Iterator[Decimal]:
    for key, value in answers.items():
        if key == name:
            yield Decimal(len(value)) if isinstance(value, list) else number(value)
        elif isinstance(value, list):
            for entry in value:
                if isinstance(entry, Mapping):
                    yield from _numbers(entry, name)


def still_counts(line: MoneyLine) -> Decimal:
    """How many of a line count after its corrections."""
    corrected: Decimal = line.corrections.aggregate(total=Sum("quantity"))["total"] or Decimal(0)
    return line.quantity + corrected


@dataclass(frozen=True)
class Money:
    """The money of an item that somebody may see, with what they may do to it."""

    reckoning: Reckoning | None
    lines: list[MoneyLine]
    corrections: list[MoneyLine]
    rates: list[Rated]
    offers: list[Offer]  # quantities of the fields that are not in the lines
    verbs: dict[str, Verdict]

    @property
    def before_corrections(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))


def money_of(user: Any, item: Item) -> Money:
    """What an item comes to, line by line; the caller has found the item among those the user may see."""
    reckoning = reckoning_of(item)
    lines = list(reckoning.lines.select_related("by", "by_for", "corrects")) if reckoning is not None else []
    rates = rates_in_force(reckoning.table, today()) if reckoning is not None else []
    there = {(line.rate, line.quantity) for line in lines}
    offers = quantities_offered(item, reckoning.table) if reckoning is not None else []
    return Money(
        reckoning=reckoning,
        lines=[line for line in lines if not line.is_correction],
        corrections=[line for line in lines if line.is_correction],
        rates=rates,
        offers=[one for one in offers if (one.rate["code"], one.quantity) not in there],
        verbs={verb: rules.may_reckon(verb, item, user) for verb in rules.MONEY},
    )


def reckoning_of(item: Item) -> Reckoning | None:
    rows = Reckoning.objects.filter(item=item).select_related("table", "made_by", "checked_by", "locked_by")
    return rows.first()


def tables_of(campaign: Campaign) -> list[RateTable]:
    """Every version of a campaign's rates, the newest first."""
    return list(RateTable.objects.filter(campaign=campaign).select_related("made_by").order_by("-number"))


def rates_to_set(campaign: Campaign) -> list[Rated]:
    """The rates that a new version begins with: those of the last one, and what the ledger has besides."""
    last = latest_table(campaign)
    known: list[Rated] = list(last.rates) if last is not None else []
    there = {one["code"] for one in known}
    definition = campaign.edition.definition
    return [*known, *(rated(rate) for rate in definition.rates if rate.code not in there)]


def rated(rate: Rate) -> Rated:
    """A rate of a ledger as a table keeps it."""
    return {
        "code": rate.code,
        "name": rate.name.zh or rate.name.en,
        "name_en": rate.name.en or rate.name.zh,
        "unit": rate.unit,
        "amount": format(rate.amount, "f"),
        "valid_from": rate.valid_from.isoformat(),
        "quantity": rate.quantity,
    }
