"""The ways to a person."""

from bihuan.notices.channels.base import (
    Channel,
    InApp,
    Message,
    Outcome,
    delivered,
    failed_for_good,
    failed_for_now,
    get,
    known,
    over_network,
    register,
    sent,
    unregister,
)
from bihuan.notices.channels.email import Email
from bihuan.notices.channels.webhook import Webhook

__all__ = [
    "Channel",
    "Email",
    "InApp",
    "Message",
    "Outcome",
    "Webhook",
    "delivered",
    "failed_for_good",
    "failed_for_now",
    "get",
    "known",
    "over_network",
    "register",
    "sent",
    "unregister",
]

for _channel in (InApp(), Email(), Webhook()):
    register(_channel)
