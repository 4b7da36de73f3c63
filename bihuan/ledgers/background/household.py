"""Who is told that a household asked for a correction: who answers for its item, and who leads."""

from django.utils.translation import gettext_lazy as _

from bihuan.audit import on
from bihuan.audit.models import Entry
from bihuan.ledgers.background.telling import ITEM, leaders_of, responsible_for, tell_of, together
from bihuan.ledgers.models import Item
from bihuan.notices.kinds import register

register("item.remark_made", title=_("A household asks for a correction: %(title)s"), body=ITEM)


@on("item.remark_made")
def tell_of_remark(entry: Entry) -> None:
    item: Item = entry.subject()
    tell_of(entry, together(responsible_for(item), leaders_of(item)), entry.verb)
