"""Where and how each person wants to be told: their addresses and wishes, read once for many people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bihuan.notices.models import Address, Wishes

if TYPE_CHECKING:
    from bihuan.accounts.models import User


@dataclass
class Ways:
    """One person's addresses by channel, and their wishes."""

    wishes: Wishes
    addresses: dict[str, Address] = field(default_factory=dict)

    def confirmed(self, channel: str) -> Address | None:
        address = self.addresses.get(channel)
        return address if address is not None and address.confirmed_at else None


def remember_ways(people: Iterable[User]) -> None:
    """Read addresses and wishes of these people, in two queries however many they are."""
    by_pk = {person.pk: person for person in people}
    found = {pk: Ways(Wishes(person_id=pk)) for pk in by_pk}
    for wishes in Wishes.objects.filter(person__in=by_pk):
        found[wishes.person_id].wishes = wishes
    for address in Address.objects.filter(person__in=by_pk):
        found[address.person_id].addresses[address.channel] = address
    for pk, person in by_pk.items():
        person.__dict__["_ways"] = found[pk]


def ways_of(person: User) -> Ways:
    """This person's addresses and wishes, as remembered or read now."""
    if "_ways" not in person.__dict__:
        remember_ways([person])
    ways: Ways = person.__dict__["_ways"]
    return ways


def forget_ways(person: User) -> None:
    """Make the next question read them anew."""
    person.__dict__.pop("_ways", None)
