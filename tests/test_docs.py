"""The documents say what the code says: words, settings, links."""

import re
import tomllib
from pathlib import Path

import pytest

from bihuan.accounts.models import DutyKind, UnitKind
from bihuan.cases.models import Answer, PartState, State, Urgency, WhistleState
from bihuan.cases.models.case import Channel, Extension, Satisfaction
from bihuan.cases.rules import CALLS, FLOW, PARTS
from bihuan.files.models import Kind
from bihuan.notices.models import DeliveryState
from bihuan.territory.models import AreaKind, PlaceKind
from tools import settings_table

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")

WORDS = sorted(
    {*FLOW, *PARTS, *CALLS, *(move.event for moves in (FLOW, PARTS, CALLS) for move in moves.values())}.union(
        *(
            kinds.values
            for kinds in (
                State, Urgency, Channel, Extension, Satisfaction, DutyKind, UnitKind, AreaKind, PlaceKind,
                DeliveryState, Kind, PartState, WhistleState, Answer,
            )
        )
    )
    - {""}
)  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_a_word_of_the_code_is_in_the_glossary(word: str) -> None:
    assert f"`{word}`" in (ROOT / "docs" / "glossary.md").read_text()


def test_the_table_of_settings_is_the_list_of_the_code() -> None:
    page = settings_table.PAGE.read_text()
    assert settings_table.table() in page
    assert settings_table.written(page) == page


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    broken = [link for link in LINK.findall(path.read_text()) if not (path.parent / link).exists()]
    assert not broken


def test_every_decision_says_why_and_what_follows() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [path.name[:4] for path in records] == [f"{number:04}" for number in range(1, len(records) + 1)]
    for path in records:
        text = path.read_text()
        assert all(f"\n## {part}\n" in text for part in ("Context", "Decision", "Consequences")), path.name
        assert len(text.splitlines()) <= 70, f"{path.name} is longer than a page"


def test_every_library_is_accounted_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    record = (ROOT / "docs" / "decisions" / "0010-libraries.md").read_text().lower()
    names = [re.split(r"[\[<>=~;]", line)[0].lower() for line in project["dependencies"]]
    assert [name for name in names if name not in record] == []
