"""The reckoning 核算 of an item: lines of quantity × rate, checked by somebody else, locked at signing."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from bihuan.audit import record
from bihuan.core.clock import now, today
from bihuan.core.text import clean
from bihuan.core.verdicts import Verdict, no
from bihuan.ledgers import rules
from bihuan.ledgers.actions.campaigns import hold_campaign, keep_campaign
from bihuan.ledgers.actions.loop import Held, lock
from bihuan.ledgers.definition import Rate
from bihuan.ledgers.models import Campaign, Item, MoneyLine, RateTable, Reckoning
from bihuan.ledgers.queries.money import (
    latest_table,
    quantities_offered,
    rate_in_force,
    rated,
    still_counts,
)

FEN, SMALLEST = Decimal("0.01"), Decimal("0.0001")
MOST = Decimal(1_000_000_000)  # of a quantity, a price or an amount
CHECKED = ["checked_at", "checked_by"]


def to_fen(amount: Decimal) -> Decimal:
    """Rounded as money is: half a fen up."""
    return amount.quantize(FEN, ROUND_HALF_UP)


@transaction.atomic
def set_rates(campaign: Campaign, *, by: Any, basis: str, rates: Sequence[Rate]) -> RateTable:
    """Keep a new version of a campaign's rates 补偿标准, with what it rests on.

    Whatever is reckoned from now on goes by it; what is begun keeps the version that it began with.
    """
    campaign, verdict = hold_campaign("set_rates", campaign, by)
    if not clean(basis):
        no("money.no_basis", _("Say which document these rates rest on.")).enforce()
    table = _make_table(campaign, by, basis=basis, rates=rates)
    keep_campaign(campaign, "set_rates", [], by=by, verdict=verdict, table=table.number, rates=len(rates))
    return table


def _make_table(campaign: Campaign, by: Any, *, basis: str, rates: Sequence[Rate]) -> RateTable:
    if not rates:
        no(
            "money.no_rates", _("There are no rates. Write them into the ledger, or set them first.")
        ).enforce()
    last = latest_table(campaign)
    return RateTable.objects.create(
        campaign=campaign,
        number=last.number + 1 if last is not None else 1,
        basis=clean(basis)[:200],
        rates=[rated(rate) for rate in rates],
        made_at=now(),
        made_by=by,
    )


@transaction.atomic
def begin_reckoning(item: Item, *, by: Any) -> Reckoning:
    """Begin what an item comes to, by the campaign's newest rates: the first time by those of its ledger.

    What the item's own fields tell is there at once as lines; nobody types it again.
    """
    campaign = Campaign.objects.numbering(item.campaign_id)  # before the item: a version may be numbered
    item, verdict = _hold("begin", item, by)
    edition = item.edition
    table = latest_table(campaign) or _make_table(
        campaign, by, basis=f"{edition.ledger.name} v{edition.number}", rates=edition.definition.rates
    )
    reckoning = Reckoning.objects.create(item=item, table=table, made_by=by)
    for offer in quantities_offered(item, table):
        _write(reckoning, by, verdict, rate=offer.rate, quantity=offer.quantity)
    _total(reckoning, [])
    _record("begin", item, by, verdict, table=table.number, lines=reckoning.lines.count())
    return reckoning


@transaction.atomic
def add_line(item: Item, *, by: Any, rate: str, quantity: Decimal) -> MoneyLine:
    """Add so many units of a rate. What was checked must be checked again."""
    item, verdict = _hold("add", item, by)
    reckoning = item.reckoning
    known = rate_in_force(reckoning.table, rate, today())
    if known is None:
        no("money.no_such_rate", _("The rates have no “%(rate)s”.") % {"rate": rate[:60]}).enforce()
    line = _write(reckoning, by, verdict, rate=known or {}, quantity=quantity)
    return _changed("add", item, reckoning, line, by, verdict)


@transaction.atomic
def add_subsidy(
    item: Item, *, by: Any, name: str, amount: Decimal, quantity: Decimal = Decimal(1), unit: str = ""
) -> MoneyLine:
    """Add something that no rate is for: a subsidy or reward, by its name. `amount` is that of one unit."""
    item, verdict = _hold("add", item, by)
    line = _write(
        item.reckoning, by, verdict, rate=_unrated(name, unit, amount), quantity=quantity
    )  # fmt: skip
    return _changed("add", item, item.reckoning, line, by, verdict)


def _unrated(name: str, unit: str, amount: Decimal) -> dict[str, Any]:
    if not clean(name):
        no("money.name_missing", _("Say what the amount is for.")).enforce()
    return {"code": "", "name": name, "unit": unit, "amount": amount}


@transaction.atomic
def remove_line(item: Item, *, by: Any, line: MoneyLine) -> Reckoning:
    """Take a line away before the reckoning is locked."""
    item, verdict = _hold("remove", item, by)
    line = MoneyLine.objects.get(pk=line.pk, reckoning=item.reckoning)
    key, rate = line.pk, line.rate
    line.delete()
    _uncheck(item, item.reckoning, by, verdict)
    _total(item.reckoning, CHECKED)
    _record("remove", item, by, verdict, line=key, rate=rate)
    return item.reckoning


@transaction.atomic
def check_reckoning(item: Item, *, by: Any) -> Reckoning:
    """Find a reckoning right: somebody else than who wrote its lines, in person and for an absent person."""
    item, verdict = _hold("check", item, by)
    reckoning = item.reckoning
    reckoning.checked_at, reckoning.checked_by = now(), by
    reckoning.save(update_fields=CHECKED)
    _record("check", item, by, verdict, lines=reckoning.lines.count())
    return reckoning


@transaction.atomic
def lock_reckoning(item: Item, *, by: Any) -> Reckoning:
    """Lock what was agreed on, where no step of the ledger is the signing. From now on it only grows."""
    item, verdict = _hold("lock", item, by)
    lock_money(item, by=by)
    _record("lock", item, by, verdict)
    return item.reckoning


def lock_money(item: Item, *, by: Any) -> None:
    """Lock the reckoning of an item that is held: it is being signed. What is locked stays so."""
    rules.may_sign_money(item).enforce()
    reckoning = item.reckoning
    if not reckoning.is_locked:
        reckoning.locked_at, reckoning.locked_by = now(), by
        reckoning.save(update_fields=["locked_at", "locked_by"])


def reopen_outdated(held: Held, *, signing: bool = False) -> None:
    """Who checked a reckoning saw the quantities of the fields: where one changes, somebody looks again.

    Whoever is `signing` cannot change one unseen.
    """
    item, definition = held.item, held.item.edition.definition
    names = rules.tops(definition, {one.quantity for one in definition.rates if one.quantity})
    if all(item.answers.get(name) == held.answers.get(name) for name in names):
        return
    reckoning = Reckoning.objects.filter(item=item, locked_at=None, checked_at__isnull=False).first()
    if reckoning is None:
        return
    if signing:
        no(
            "money.outdated",
            _("This changes the reckoning. Only keep it, and let the reckoning be checked again."),
        ).enforce()
    _uncheck(item, reckoning, held.by, held.verdict)
    reckoning.save(update_fields=CHECKED)


@transaction.atomic
def correct_line(item: Item, *, by: Any, line: MoneyLine, quantity: Decimal, reason: str) -> MoneyLine:
    """Say how many it should have been: the difference becomes a line of its own, with the reason."""
    item, verdict = _hold("correct", item, by)
    line = MoneyLine.objects.get(pk=line.pk, reckoning=item.reckoning, corrects=None)
    missing = _decimal(quantity) - still_counts(line)
    if not missing:
        no("money.nothing_wrong", _("That is what the reckoning says already.")).enforce()
    told = {"code": line.rate, "name": line.name, "unit": line.unit, "amount": line.price}
    reason = _why(reason)
    written = _write(item.reckoning, by, verdict, rate=told, quantity=missing, corrects=line, reason=reason)
    return _changed("correct", item, item.reckoning, written, by, verdict, corrects=line.pk)


@transaction.atomic
def add_late_line(item: Item, *, by: Any, name: str, amount: Decimal, reason: str) -> MoneyLine:
    """Add, after locking, what was forgotten, or what is taken off: a line of its own, with the reason."""
    item, verdict = _hold("correct", item, by)
    told = _unrated(name, "", amount)
    written = _write(item.reckoning, by, verdict, rate=told, quantity=Decimal(1), reason=_why(reason))
    return _changed("correct", item, item.reckoning, written, by, verdict)


# -- what they share -----------------------------------------------------------------------------------


def _hold(verb: str, item: Item, by: Any) -> tuple[Item, Verdict]:
    item = lock(item)
    return item, rules.may_reckon(verb, item, by).enforce()


def _record(verb: str, item: Item, by: Any, verdict: Verdict, **data: Any) -> None:
    """Keys and counts; what somebody gets is theirs and their task force's to read."""
    told = {key: value for key, value in data.items() if value not in (None, "")}
    event = rules.MONEY[verb].event
    record(event, item, by=by, on_behalf_of=verdict.on_behalf_of, campaign=item.campaign_id, **told)


def _why(reason: str) -> str:
    reason = clean(reason)[:200]
    if not reason:
        no("item.reason_missing", _("Please say why.")).enforce()
    return reason


def _decimal(value: Decimal) -> Decimal:
    if not value.is_finite() or abs(value) >= MOST:
        no("money.not_a_number", _("That is no amount that can be reckoned.")).enforce()
    return value.quantize(SMALLEST, ROUND_HALF_UP)


def _write(
    reckoning: Reckoning,
    by: Any,
    verdict: Verdict,
    *,
    rate: dict[str, Any],
    quantity: Decimal,
    corrects: MoneyLine | None = None,
    reason: str = "",
) -> MoneyLine:
    quantity, price = _decimal(quantity), _decimal(Decimal(rate["amount"]))
    if not quantity:
        no("money.nothing", _("Of nothing there is nothing to reckon.")).enforce()
    if quantity < 0 and not reason:
        no("money.negative", _("A quantity cannot be less than nothing.")).enforce()
    amount = to_fen(_decimal(quantity * price))
    return MoneyLine.objects.create(
        reckoning=reckoning,
        rate=rate["code"],
        name=clean(rate["name"])[:120],
        unit=clean(rate["unit"])[:20],
        quantity=quantity,
        price=price,
        amount=amount,
        corrects=corrects,
        reason=reason,
        at=now(),
        by=by,
        by_for=verdict.on_behalf_of,
    )


def _changed(
    verb: str, item: Item, reckoning: Reckoning, line: MoneyLine, by: Any, verdict: Verdict, **data: Any
) -> MoneyLine:
    if verb != "correct":
        _uncheck(item, reckoning, by, verdict)
    _total(reckoning, CHECKED)
    _record(verb, item, by, verdict, line=line.pk, rate=line.rate, **data)
    return line


def _uncheck(item: Item, reckoning: Reckoning, by: Any, verdict: Verdict) -> None:
    """Whoever checked it did not see this: they are told, and somebody looks again."""
    if reckoning.is_checked:
        checked_by = reckoning.checked_by_id
        reckoning.checked_at = reckoning.checked_by = None
        record(
            "item.reckoning_reopened",
            item,
            by=by,
            on_behalf_of=verdict.on_behalf_of,
            campaign=item.campaign_id,
            checked_by=checked_by,
        )


def _total(reckoning: Reckoning, fields: list[str]) -> None:
    reckoning.total = reckoning.lines.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    reckoning.save(update_fields=["total", *fields])
