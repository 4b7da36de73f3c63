"""The registry of help: a room's `help.py` says which topics there are and which pages each explains."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# The groups of the contents, in their order.
RESIDENTS = _("For everybody")
LOOP = _("Working on cases")
CAMPAIGNS = _("Campaigns")
SETUP = _("Setting up")
ACCOUNT = _("Your account")
GROUPS = [RESIDENTS, LOOP, CAMPAIGNS, SETUP, ACCOUNT]


@dataclass(frozen=True)
class Topic:
    """One page of help. Its text is the template `<room>/help/<code>.html`."""

    code: str
    title: Any
    room: str
    group: Any
    order: int
    public: bool

    @property
    def template(self) -> str:
        return f"{self.room}/help/{self.code}.html"

    @property
    def url(self) -> str:
        return reverse("help_topic", args=[self.code])


_topics: dict[str, Topic] = {}
_explained: dict[str, str] = {}


def add_topic(
    code: str, title: Any, *, room: str, group: Any, order: int, public: bool = False, explains: str = ""
) -> None:
    """Add a topic. `explains` names the routes whose pages it fits, apart by spaces.

    "cases:return#return" leads to the part of the topic with that id; "account_*" means every route that
    begins so. A topic that is not public is shown to people who hold a duty.
    """
    _topics[code] = Topic(code, title, room, group, order, public)
    for written in explains.split():
        route, _hash, anchor = written.partition("#")
        _explained[route] = f"{code}#{anchor}" if anchor else code


def topics_for(user: Any) -> list[tuple[Any, list[Topic]]]:
    """The topics that somebody may read, group by group."""
    seen = sorted(
        (topic for topic in _topics.values() if _may_read(topic, user)),
        key=lambda topic: (GROUPS.index(topic.group), topic.order),
    )
    return [(group, list(topics)) for group, topics in groupby(seen, key=lambda topic: topic.group)]


def topic_for(user: Any, code: str) -> Topic | None:
    """A topic, unless it does not exist for this person."""
    topic = _topics.get(code)
    return topic if topic is not None and _may_read(topic, user) else None


def explanation_of(route: str) -> str:
    """The topic (and part of it) that fits a route, or an empty string."""
    if route in _explained:
        return _explained[route]
    starts = (key for key in _explained if key.endswith("*") and route.startswith(key[:-1]))
    return _explained.get(max(starts, key=len, default=""), "")


def help_url(request: HttpRequest) -> str:
    """Where the help button of this page leads: the topic that fits it, else the contents."""
    match = request.resolver_match
    code, _hash, anchor = explanation_of(match.view_name if match else "").partition("#")
    topic = topic_for(getattr(request, "user", None), code) if code else None
    if topic is None:
        return reverse("help")
    return f"{topic.url}#{anchor}" if anchor else topic.url


def _may_read(topic: Topic, user: Any) -> bool:
    return topic.public or bool(getattr(user, "is_authenticated", False) and user.duties_now())
