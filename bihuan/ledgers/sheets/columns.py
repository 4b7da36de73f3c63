"""What a column of a workbook of items may mean: what every item has, and the fields of the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from bihuan.core import book
from bihuan.core.book import plain
from bihuan.core.text import normalise
from bihuan.intake.sheet.fields import is_ours
from bihuan.ledgers.definition import Definition, Field
from bihuan.ledgers.definition.model import REPEAT

FIELD = "field:"
NO_CELL = ("note", "calculate", "group", "repeat", "image", "file")  # what no cell of a row can hold


@dataclass(frozen=True)
class Meaning:
    """One meaning; `words` are headings as people write them, the surest first."""

    key: str
    label: str
    about: str
    words: tuple[str, ...]
    field: Field | None = None
    repeat: str = ""  # the repeat of which a row tells one entry


# Headings written without spaces and marks, in lower case. What a ledger calls its fields comes before these.
OWN_WORDS = {
    "title": "名称 标题 台账名称 条目名称 点位名称 事项名称 户主姓名 户主 title heading name item subject",
    "key": "编号 自有编号 台账编号 档案号 户号 图斑编号 点位编号 编码 代码 key id code number no ownnumber",
    "place": "地点 位置 点位 小区 小区名称 楼栋 地点名称 place site compound building location",
    "area": "区域 所属区域 社区 所属社区 街道 网格 所属网格 村社区 区划代码 area community subdistrict grid",
    "lon": "经度 longitude lon lng",
    "lat": "纬度 latitude lat",
    "team": "工作组 组别 组 小组 专班小组 team group",
    "responsible": "包保责任人 责任人 包保人 包联人 包保干部 responsible responsibleperson answersforit",
    "parent": "分户自 所属户编号 原户编号 原编号 上级编号 母户编号 parent partof parentkey",
}


def _own(splits: bool) -> list[Meaning]:
    told = {
        "title": (_("Heading"), _("What the item is called.")),
        "key": (_("Own number"), _("A lasting number of yours: the same number again is the same item.")),
        "place": (pgettext("of an item", "Place"), _("Its name as in the directory of places.")),
        "area": (_("Area"), _("Name or code of the community, village or grid.")),
        "lon": (_("Longitude"), _("In degrees, as 114.6512 (GPS).")),
        "lat": (_("Latitude"), _("In degrees, as 33.6204 (GPS).")),
        "team": (_("Team"), _("As the campaign calls it; empty: the team of the area.")),
        "responsible": (_("Responsible person"), _("Name or account of somebody on the task force.")),
        "parent": (
            _("Part of (own number)"),
            _("Of a split household: the own number of the one it comes from, which stands above."),
        ),
    }
    return [
        Meaning(key, str(label), str(about), tuple(OWN_WORDS[key].split()))
        for key, (label, about) in told.items()
        if splits or key != "parent"
    ]


def meanings_of(definition: Definition) -> dict[str, Meaning]:
    """Everything that a column may mean in this ledger, by key, in the reader's language."""
    found = {one.key: one for one in _own(definition.settings.splits)}
    labels = [str(one.label) for one, _repeat in _fields(definition)]
    for one, repeat in _fields(definition):
        label = str(one.label) or one.name
        shown = label if labels.count(label) <= 1 else f"{label} ({one.name})"
        words = (one.name, one.label.zh, one.label.en)
        found[FIELD + one.name] = Meaning(
            FIELD + one.name, shown, str(one.hint), tuple(word for word in words if word), one, repeat
        )
    return found


def _fields(definition: Definition) -> list[tuple[Field, str]]:
    """The fields that a cell can hold, each with the repeat around it; of repeats in repeats none."""
    found: list[tuple[Field, str]] = []

    def walk(fields: Sequence[Field], repeat: str) -> None:
        for one in fields:
            if one.type == REPEAT:
                if not repeat:
                    walk(one.children, one.name)
            elif one.children:
                walk(one.children, repeat)
            elif one.type not in NO_CELL and not one.read_only:
                found.append((one, repeat))

    walk(definition.fields, "")
    return found


def _exact(title: str) -> str:
    return "".join(normalise(title).lower().split())


@lru_cache(maxsize=64)
def _words(definition: Definition) -> dict[str, str]:
    """Which meaning a heading has: first names and labels of fields, in either language."""
    found: dict[str, str] = {}
    own: dict[str, list[str]] = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            for key, one in meanings_of(definition).items():
                found.setdefault(_exact(one.label), key)  # as we write it ourselves, also “size (size_2)”
                if one.field is not None:
                    for word in one.words:
                        keys = own.setdefault(plain(word), [])
                        keys += [key] if key not in keys else []
    for word, keys in own.items():
        if len(keys) == 1:
            found.setdefault(word, keys[0])
    for key, words in OWN_WORDS.items():
        if key != "parent" or definition.settings.splits:
            for word in words.split():
                if len(own.get(word, ())) == 0:
                    found.setdefault(word, key)
    return found


def meaning_of(definition: Definition, title: str) -> str:
    """The key of what a heading means; nothing when we do not know it, or wrote it beside refused rows."""
    if not title or len(title) > 80 or is_ours(title):
        return ""
    words = _words(definition)
    return words.get(_exact(title)) or words.get(plain(title), "")


def guess(definition: Definition, titles: Sequence[str]) -> dict[str, int]:
    """Which column holds what, by its heading. A column means one thing, and a thing stands in one column."""
    found: dict[str, int] = {}
    for position, title in enumerate(titles):
        key = meaning_of(definition, title)
        if key:
            found.setdefault(key, position)
    return found


class ItemBook(book.Book):
    """A workbook of items: headings that the ledger knows say which sheet and row hold them."""

    def __init__(self, content: bytes, name: str, definition: Definition):
        self.definition = definition
        super().__init__(content, name)

    def recognised(self, titles: Sequence[str]) -> set[str]:
        return {key for title in titles if (key := meaning_of(self.definition, title))}
