"""Who can be taken into a task force: staff, found by name, and anybody by their sign-in name."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from bihuan.accounts.models import Duty, User, remember_duties
from bihuan.core.clock import today
from bihuan.core.text import listed, normalise
from bihuan.ledgers import rules
from bihuan.ledgers.models import LEADER, Post

MOST = 10
MARK = " · "  # stands between name and sign-in name in what is chosen


@dataclass(frozen=True)
class Found:
    """A person as the search offers them."""

    person: User

    def as_json(self) -> dict[str, Any]:
        held = [one for one in self.person.duties_now() if one.on_behalf_of is None]
        detail = listed(dict.fromkeys(f"{one.place.label} {one.kind_label}" for one in held[:2]))
        return {
            "id": self.person.pk,
            "label": written(self.person),
            "detail": detail,
            "lon": None,
            "lat": None,
        }


def written(person: User) -> str:
    """How somebody is written in a field, so that two of one name are told apart."""
    return f"{person.label}{MARK}{person.username}"


def may_look_for_people(user: Any) -> bool:
    """Whether somebody forms task forces: who keeps ledgers, and who leads one."""
    if rules.keeps_some(user):
        return True
    posts = Post.objects.current().filter(person__in=rules.people_for(user), role=LEADER, team=None)
    return posts.exists()


def people_like(user: Any, text: str) -> list[Found]:
    """Staff whose name has this in it, or whose sign-in name begins so; each with their duties."""
    text = normalise(text)
    if not text or not may_look_for_people(user):
        return []
    likely = Q(name__icontains=text) | Q(username__istartswith=text) | Q(pk__in=_exact(text))
    people = list(User.objects.active().filter(_is_staff(), likely).order_by("name", "pk")[:MOST])
    remember_duties(people)
    return [Found(person) for person in people]


def people_written(text: str) -> list[User]:
    """Whom a field means: the one of this sign-in name, or staff of exactly this name."""
    text = normalise(text)
    found = list(User.objects.active().filter(pk__in=_exact(text)))
    if found or not text:
        return found
    return list(User.objects.active().filter(_is_staff(), name=text).order_by("pk")[:MOST])


def _is_staff() -> Q:
    """Whoever has a duty, or is in a task force already: community workers lead teams without any duty."""
    duties, posts = Duty.objects.in_force(today()), Post.objects.current()
    return Q(pk__in=duties.values("person")) | Q(pk__in=posts.values("person"))


def _exact(text: str) -> Any:
    username = text.rpartition(MARK.strip())[2].strip().lower()
    return User.objects.filter(username=username).values("pk")
