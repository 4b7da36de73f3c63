"""The form of a step as field staff will see it on the phone, made from a draft that no item has yet."""

from typing import Any

from bihuan.core.clock import local
from bihuan.ledgers import rules
from bihuan.ledgers.definition import Definition, Field, Step, begin
from bihuan.ledgers.forms.answers import PREFIX
from bihuan.ledgers.forms.nodes import Node, Painter
from bihuan.ledgers.forms.plan import plan_for_browser


class Preview:
    """What a new item would be asked at a step; nothing of it is sent."""

    def __init__(self, definition: Definition, step: Step):
        self.definition, self.at = definition, local()
        self.asked, self.needed = rules.asked_at(definition, step.code), step.evidence
        self.values = begin(definition, at=self.at)

    def _shows(self, one: Field) -> bool:
        return one.name in self.asked or any(self._shows(child) for child in one.children)

    def nodes(self) -> list[Node]:
        painter = Painter(self.definition, self.values, {}, self.at, self._shows, needed=self.needed)
        return painter.nodes(self.definition.fields, PREFIX)

    def plan(self) -> dict[str, Any]:
        return plan_for_browser(self.definition, self.values, self.asked)
