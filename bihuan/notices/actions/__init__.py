"""Telling people something, sending what was told, and what people decide about it."""

from bihuan.notices.actions.again import send_again, send_all_again
from bihuan.notices.actions.delivering import note_outcome, take_message
from bihuan.notices.actions.own import (
    confirm_address,
    forget_person,
    name_address,
    note_trial,
    remove_address,
    set_wishes,
)
from bihuan.notices.actions.reading import mark_all_read, mark_read
from bihuan.notices.actions.telling import retitle, tell

__all__ = [
    "confirm_address",
    "forget_person",
    "mark_all_read",
    "mark_read",
    "name_address",
    "note_outcome",
    "note_trial",
    "remove_address",
    "retitle",
    "send_again",
    "send_all_again",
    "set_wishes",
    "take_message",
    "tell",
]
