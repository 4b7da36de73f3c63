"""Who is told of a reckoning: who wrote it, who checked it, who answers for the item and who leads."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import User
from bihuan.accounts.queries import with_stand_ins
from bihuan.audit import on
from bihuan.audit.models import Entry
from bihuan.ledgers.background.telling import ITEM, leaders_of, responsible_for, tell_of, together
from bihuan.ledgers.models import Item, Reckoning
from bihuan.notices.kinds import register

register("item.reckoning_checked", title=_("The reckoning is checked: %(title)s"), body=ITEM)
register("item.reckoning_reopened", title=_("A reckoning that you checked was changed: %(title)s"), body=ITEM)
register("item.reckoning_corrected", title=_("A locked reckoning was corrected: %(title)s"), body=ITEM)


def _people(*keys: Any) -> list[User]:
    return list(with_stand_ins(User.objects.filter(pk__in=[key for key in keys if key]).values("pk")))


@on("item.reckoning_checked", "item.reckoning_corrected")
def tell_all_concerned(entry: Entry) -> None:
    item: Item = entry.subject()
    reckoning = Reckoning.objects.get(item=item)
    wrote = _people(reckoning.made_by_id, reckoning.checked_by_id)
    people = together(wrote, responsible_for(item), leaders_of(item))
    tell_of(entry, [person for person in people if person.pk != entry.by_id], entry.verb)


@on("item.reckoning_reopened")
def tell_who_checked(entry: Entry) -> None:
    people = _people(entry.data.get("checked_by"))
    tell_of(entry, [person for person in people if person.pk != entry.by_id], entry.verb)
