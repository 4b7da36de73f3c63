"""A household's own file as data, to take along."""

from datetime import datetime
from typing import Any

from bihuan.ledgers.models import MoneyLine
from bihuan.ledgers.queries.household import OwnFile, OwnMoney
from bihuan.ledgers.queries.values import Known
from bihuan.notices.letters import site_address


def data_of(own: OwnFile) -> dict[str, Any]:
    """Everything that the household's page shows; amounts as decimals in words, moments as ISO 8601."""
    return {
        "campaign": own.item.campaign.label,
        "heading": own.item.title,
        "area": own.item.area.label,
        "state": str(own.item.get_state_display()),
        "steps": [
            {"step": str(stage.name), "done_at": _moment(stage.done_at), "is_now": stage.is_now}
            for stage in own.stages
        ],
        "recorded": [_known(one) for one in own.known],
        "notices": [
            {"at": _moment(one.given_at), "channel": str(one.get_channel_display()), "text": one.text}
            for one in own.notices
        ],
        "reckoning": _money(own.money),
        "documents": [{"name": one.name, "address": site_address() + one.url} for one in own.documents],
        "corrections_asked": [
            {
                "at": _moment(one.at),
                "text": one.text,
                "answer": one.answer,
                "answered_at": _moment(one.answered_at),
            }
            for one in own.remarks
        ],
        "who_opened_this_file": [
            {"at": _moment(one.at), "how": str(one.how), "role": one.role} for one in own.reads
        ],
    }


def _known(one: Known) -> dict[str, Any]:
    if one.rows:
        return {"field": one.label, "entries": [[_known(cell) for cell in row] for row in one.rows]}
    return {"field": one.label, "answer": one.words}


def _money(money: OwnMoney | None) -> dict[str, Any] | None:
    if money is None:
        return None
    table = money.reckoning.table
    return {
        "rates": {"version": table.number, "basis": table.basis},
        "lines": [_line(line) for line in money.lines],
        "corrections": [_line(line) | {"reason": line.reason} for line in money.corrections],
        "total": str(money.reckoning.total),
    }


def _line(line: MoneyLine) -> dict[str, str]:
    return {
        "what_for": line.name,
        "quantity": str(line.quantity),
        "unit": line.unit,
        "rate": str(line.price),
        "amount": str(line.amount),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
