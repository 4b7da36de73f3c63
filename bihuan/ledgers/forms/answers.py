"""The form of an item: made from its ledger's definition, read back into answers, each fault at its field.

It works without script; with it, `frontend/src/ledger.ts` judges the same answers while they are typed.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bihuan.core.clock import local, now
from bihuan.core.verdicts import YES, Verdict
from bihuan.files.access import ticket
from bihuan.files.actions import accept_upload
from bihuan.files.models import Kind, StoredFile
from bihuan.ledgers import rules
from bihuan.ledgers.definition import Checked, Definition, Field, Step
from bihuan.ledgers.definition.model import GROUP, REPEAT, SELECT_MULTIPLE
from bihuan.ledgers.forms.nodes import Node, Painter
from bihuan.ledgers.forms.plan import plan_for_browser
from bihuan.ledgers.models import Item
from bihuan.ledgers.queries import answers_checked
from bihuan.ledgers.queries.facts import known_of_place

PREFIX = "a."
MOST_ENTRIES = 200  # that one form takes; more come by import
KINDS: dict[str, list[str]] = {"image": [Kind.IMAGE], "file": list(Kind.values)}


class AnswersForm:
    """What a step asks of an item, with what is known already, or with what somebody sent.

    `more` and `less` name a repeat that is to have an entry more, or an entry that is to go: buttons for
    pages without script; nothing is kept by them.
    """

    def __init__(
        self,
        item: Item,
        data: Any = None,
        files: Any = None,
        *,
        asked: Collection[str] | None = None,
    ):
        self.item, self.data, self.files = item, data, files
        self.definition: Definition = item.edition.definition
        step = rules.step_of(self.definition, item.step_code)
        self.asked = rules.asked_at(self.definition, step.code) if asked is None else asked
        self.evidence = step.evidence if asked is None else ()
        self.fixed = known_of_place(item)
        self.is_bound = data is not None
        self.key = str(data.get("key") or uuid4()) if self.is_bound else str(uuid4())
        self.errors: dict[str, list[Any]] = {}
        self.given: dict[str, Any] = {}
        self.checked = Checked({}, ())
        if self.is_bound:
            self.given = self._read(self.definition.fields, PREFIX, item.answers, "")

    # -- reading -----------------------------------------------------------------------------------------

    def _read(
        self, fields: tuple[Field, ...], prefix: str, stored: Mapping[str, Any], path: str
    ) -> dict[str, Any]:
        """The answers that were sent for these fields; what is only read stays as it is."""
        found: dict[str, Any] = {}
        for one in fields:
            if one.type == GROUP:
                found |= self._read(one.children, prefix, stored, path)
            elif one.type == REPEAT:
                if self._shows(one):
                    found[one.name] = self._entries(one, prefix, stored, path)
            elif one.name in self.asked and one.asks and not one.read_only and one.name not in self.fixed:
                found[one.name] = self._value(one, f"{prefix}{one.name}", f"{path}{one.name}")
        return found

    def _entries(self, one: Field, prefix: str, stored: Mapping[str, Any], path: str) -> list[dict[str, Any]]:
        """The entries sent; each keeps of the stored one it was made from what this form does not ask."""
        before = stored.get(one.name)
        before = before if isinstance(before, list) else []
        mark = re.compile(re.escape(f"{prefix}{one.name}[") + r"(\d{1,6})\]")
        numbers = sorted(int(hit[1]) for name in self.data if (hit := mark.fullmatch(name)))
        gone = self.data.get("less", "")
        rows: list[dict[str, Any]] = []
        for number in numbers[:MOST_ENTRIES]:
            inner = f"{prefix}{one.name}[{number}]"
            if inner == gone:
                continue
            origin = str(self.data.get(inner, ""))
            kept = before[int(origin) - 1] if origin.isdecimal() and 0 < int(origin) <= len(before) else {}
            place = f"{path}{one.name}[{len(rows) + 1}]."
            rows.append({**kept, **self._read(one.children, f"{inner}.", kept, place)})
        if self.data.get("more") == f"{prefix}{one.name}":
            rows.append({})
        return rows

    def _value(self, one: Field, name: str, path: str) -> Any:
        if one.type == SELECT_MULTIPLE:
            return self.data.getlist(name)
        if one.type in KINDS:
            return self._file(one, name, path)
        text = self.data.get(name, "")
        return ";".join(text.split("\n")) if one.type in ("geotrace", "geoshape") else text

    def _file(self, one: Field, name: str, path: str) -> Any:
        """A new file, or the name of the one that was there: an attachment, or a ticket of the last try."""
        upload = self.files.get(name)
        if upload is None:
            return "" if self.data.get(f"{name}.gone") else self.data.get(f"{name}.kept", "")
        try:
            return accept_upload(upload, kinds=KINDS[one.type])
        except ValidationError as fault:
            self.errors.setdefault(path, []).extend(fault.messages)
            return ""

    # -- judging -----------------------------------------------------------------------------------------

    @property
    def is_only_changed(self) -> bool:
        """Whether a button for an entry more or less was pressed: the form comes back, nothing is judged."""
        return self.is_bound and bool(self.data.get("more") or self.data.get("less"))

    @property
    def done(self) -> bool:
        """Whether the step is to be taken, or its answers only to be kept."""
        return self.is_bound and self.data.get("done") == "1"

    @property
    def is_of_this_step(self) -> bool:
        """Whether the item still stands where it stood when the form was opened."""
        return self.is_bound and self.data.get("step", "") == self.item.step_code

    @property
    def touched(self) -> dict[str, Any]:
        """The answers to be kept: where the page says which ones its person changed, only these.

        What somebody else wrote meanwhile into the others is not overwritten by what an old page shows.
        """
        names = self.data.get("touched")
        if names is None:
            return self.given
        wanted = set(names.split())
        return {name: value for name, value in self.given.items() if name in wanted}

    def is_valid(self) -> bool:
        """Judge what was sent as the server does when it takes it."""
        if not self.is_bound or self.is_only_changed:
            return False
        self._check(complete=self.done)
        if self.data.get("key") and not self._is_key(self.key):
            self.errors.setdefault("", []).append(_("This form is damaged. Please open the page again."))
        return not self.errors

    def _check(self, *, complete: bool) -> None:
        self.checked = answers_checked(self.item, self.touched, complete=complete)
        for fault in self.checked.faults:
            self.errors.setdefault(fault.path, []).append(fault.sentence)

        if self.done and not self.errors:
            self._check_way()

    def _check_way(self) -> None:
        """Where several ways lie open after these answers, one of them must have been chosen."""
        codes = [one.code if one is not None else "-" for one in self.ways]
        if len(codes) > 1 and self.data.get("to") not in codes:
            self.errors.setdefault("to", []).append(_("Choose what comes next."))

    @property
    def ways(self) -> list[Step | None]:
        """Where the item may go from its step, with what was sent where that is known."""
        values = self.checked.values if self.is_bound and self.checked.values else self.item.answers
        step = rules.present_step(self.item)
        return rules.ways(self.definition, step, values, at=local())

    @property
    def chosen_way(self) -> str:
        """The way that was chosen, or the first one."""
        codes = [one.code if one is not None else "-" for one in self.ways]
        chosen = self.data.get("to") if self.is_bound else None
        return chosen if chosen in codes else codes[0] if codes and not self.is_bound else ""

    def ways_offered(self) -> list[dict[str, str]]:
        """The ways, for a script."""
        return [
            {"code": one.code if one is not None else "-", "name": str(one.name if one else _("finished"))}
            for one in self.ways
        ]

    @staticmethod
    def _is_key(text: str) -> bool:
        try:
            UUID(text)
        except ValueError:
            return False
        return True

    @property
    def sending(self) -> dict[str, Any]:
        """The arguments of `actions.send_answers`."""
        to = self.data.get("to") if len(self.ways) > 1 else None
        return {
            "key": UUID(self.key),
            "step": self.data.get("step", ""),
            "done": self.done,
            "answers": self.touched,
            "to": "" if to == "-" else to or None,
            "note": self.data.get("note", ""),
        }

    @cached_property
    def way_on(self) -> Verdict:
        """Whether taking the step leads on, with answers that are right in themselves."""
        if not self.done:
            return YES
        return rules.way_on(self.item, self.checked.values, to=self.sending["to"], at=now())[0]

    @property
    def note(self) -> str:
        return str(self.data.get("note", "")) if self.is_bound else ""

    def faults(self) -> list[dict[str, str]]:
        """What is wrong, for a script: by path, in words."""
        return [
            {"path": path, "sentence": str(sentence), "label": self._label(path)}
            for path, sentences in self.errors.items()
            for sentence in sentences
        ]

    def _label(self, path: str) -> str:
        one = self.definition.find(path.rpartition(".")[2]) if path else None
        return str(one.label or one.name) if one is not None else ""

    # -- showing -----------------------------------------------------------------------------------------

    def _shows(self, one: Field) -> bool:
        """Whether something of a field is asked here, or in what lies in it."""
        return one.name in self.asked or any(self._shows(child) for child in one.children)

    @property
    def values(self) -> dict[str, Any]:
        """What the fields hold: what is known, under what was sent."""
        return {**self.item.answers, **_named(self.given), **self.fixed}

    def nodes(self) -> list[Node]:
        """The fields to be shown, groups and repeats with what lies in them."""
        known = (self.definition, self.values, self.errors, local())
        painter = Painter(*known, self._shows, self.fixed, self.needed)
        return painter.nodes(self.definition.fields, PREFIX)

    @property
    def needed(self) -> list[str]:
        """The fields of this form by which the step proves something: without them it is not done."""
        wanted = set(self.evidence) & set(self.asked) - set(self.fixed)
        return [one.name for one in self.definition.walk() if one.name in wanted and not one.read_only]

    def plan(self) -> dict[str, Any]:
        """What the page's script needs to judge while somebody types."""
        answers = {**self.item.answers, **self.fixed}
        return plan_for_browser(self.definition, answers, self.asked, fixed=self.fixed, needed=self.needed)

    @property
    def asks_anything(self) -> bool:
        return any(one.asks and one.name in self.asked for one in self.definition.walk())

    @property
    def hidden_fields(self) -> Iterator[tuple[str, str]]:
        yield "key", self.key
        yield "step", self.item.step_code


def _named(given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with a ticket in place of each new file, so that the form can come back with it."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        if isinstance(value, StoredFile):
            found[name] = ticket(value)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            found[name] = [_named(entry) for entry in value]
        else:
            found[name] = value
    return found
