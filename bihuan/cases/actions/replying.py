"""Writing, changing and taking away standard replies."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.audit import record
from bihuan.cases import rules
from bihuan.cases.models import Matter, Reply
from bihuan.cases.replying import fault_in
from bihuan.core.clock import now
from bihuan.core.text import clean
from bihuan.core.verdicts import no
from bihuan.territory.models import Area


@transaction.atomic
def write_reply(
    name: str, *, by: Any, text: str, verb: str = "", matter: Matter | None = None, area: Area | None = None
) -> Reply:
    """Offer a text to all who fill in that verb's form in that area."""
    rules.may_write_reply(by, area).enforce()
    if area is not None:
        Area.objects.locked(area.pk)
    if Reply.objects.filter(area=area).count() >= rules.MOST_REPLIES:
        no("reply.too_many", _("There are enough texts for this area. Take one away first.")).enforce()
    reply = Reply(area=area)
    _write(reply, name, text, verb, matter)
    reply.save(force_insert=True)
    record("reply.written", reply, by=by, area=area, of=verb, matter=matter.code if matter else None)
    return reply


@transaction.atomic
def change_reply(
    reply: Reply,
    *,
    by: Any,
    name: str,
    text: str,
    verb: str = "",
    matter: Matter | None = None,
    area: Area | None = None,
) -> Reply:
    """Say it better. What was sent before stays as it was sent."""
    reply = _held(reply)
    rules.may_write_reply(by, reply.area).enforce()
    rules.may_write_reply(by, area).enforce()
    reply.area = area
    _write(reply, name, text, verb, matter)
    reply.save(update_fields=["area", "name", "text", "verb", "matter", "changed_at"])
    record("reply.changed", reply, by=by, area=area, of=verb, matter=matter.code if matter else None)
    return reply


@transaction.atomic
def delete_reply(reply: Reply, *, by: Any) -> None:
    """No longer offer a text."""
    reply = _held(reply)
    rules.may_write_reply(by, reply.area).enforce()
    record("reply.deleted", reply, by=by, area=reply.area)
    reply.delete()


def _held(reply: Reply) -> Reply:
    return Reply.objects.select_for_update(of=("self",)).select_related("area", "matter").get(pk=reply.pk)


def _write(reply: Reply, name: str, text: str, verb: str, matter: Matter | None) -> None:
    fault = fault_in(text)
    if fault:
        no("reply.faulty", fault).enforce()
    reply.name, reply.text = clean(name)[:40], clean(text)
    reply.verb, reply.matter, reply.changed_at = verb, matter, now()
    others = Reply.objects.filter(area=reply.area, verb=verb, name=reply.name).exclude(pk=reply.pk)
    if others.exists():
        no("reply.name_taken", _("There is a text “%(name)s” already.") % {"name": reply.name}).enforce()
