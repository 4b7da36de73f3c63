"""The columns of the catalogue's workbook: what they are called, and the words in their cells."""

import re
from typing import Any

from django.utils.translation import gettext as _

from bihuan.cases.models import Matter, Urgency

SHEET = "事项目录"
LIMITS = ("assign_limit", "acknowledge_limit", "resolve_limit")
FLAGS = ("self_handled", "needs_before_photo", "needs_after_photo")
TEXTS = ("name_en", "filing_standard", "closing_standard", "keywords")
SHARE = "spot_check_share"
FIELDS = ("code", "name", "urgency", *LIMITS, *FLAGS, SHARE, *TEXTS)

# Each column: the title we write, and others that we understand.
COLUMNS: dict[str, tuple[str, set[str]]] = {
    "code": ("编码", {"事项编码", "编号", "代码", "code", "matter code"}),
    "parent": ("上级编码", {"上级", "上级事项编码", "parent", "parent code"}),
    "name": ("事项", {"事项名称", "名称", "matter", "name"}),
    "name_en": ("英文名称", {"英文", "english name", "name_en", "english"}),
    "urgency": ("紧急程度", {"紧急", "urgency"}),
    "assign_limit": ("交办时限", {"交办", "limit to assign", "assign", "assign limit"}),
    "acknowledge_limit": ("签收时限", {"签收", "limit to acknowledge", "acknowledge", "acknowledge limit"}),
    "resolve_limit": ("处置时限", {"处置", "办理时限", "limit to resolve", "resolve", "resolve limit"}),
    "self_handled": ("可即办", {"即办", "may be handled on the spot", "self-handled", "self handled"}),
    "spot_check_share": (
        "抽查比例",
        {"抽查比例%", "抽查比例(%)", "抽查率", "spot-check share", "spot check share", "spot checks (%)"},
    ),
    "needs_before_photo": ("前照", {"处置前照片", "before photo", "needs a photo before"}),
    "needs_after_photo": ("后照", {"处置后照片", "after photo", "needs a photo after"}),
    "filing_standard": ("立案标准", {"立案条件", "filing standard"}),
    "closing_standard": ("结案标准", {"结案条件", "closing standard"}),
    "keywords": ("关键词", {"关键字", "keywords", "words people use"}),
    "units": ("承办单位", {"责任单位", "主办单位", "unit", "units", "responsible unit", "handling unit"}),
}
LEVELS = [
    {f"level {digit}", *(f"{number}级{ending}" for ending in ("", "分类", "名称", "事项", "类别"))}
    for digit, number in enumerate("一二三四五", start=1)
]

URGENCY_WORDS = {
    "特急": Urgency.CRITICAL,
    "紧急": Urgency.URGENT,
    "一般": Urgency.ORDINARY,
    "普通": Urgency.ORDINARY,
    "疑难": Urgency.DIFFICULT,
}
URGENCY_TITLES = {
    Urgency.CRITICAL: "特急",
    Urgency.URGENT: "紧急",
    Urgency.ORDINARY: "一般",
    Urgency.DIFFICULT: "疑难",
}
YES_WORDS = {"是", "要", "需", "需要", "可", "可以", "有", "√", "✓", "v", "y", "yes", "true", "1", "x"}
NO_WORDS = {
    "",
    "否",
    "不",
    "不要",
    "不需",
    "不需要",
    "不可",
    "不可以",
    "无",
    "-",
    "—",
    "n",
    "no",
    "false",
    "0",
}
CODE = re.compile(r"[\w.\-/]{1,40}")


def column_label(name: str) -> str:
    """What a column is called in the reader's language."""
    labels = {
        "parent": _("stands under"),
        "units": _("responsible unit"),
    }
    return labels.get(name) or str(getattr(Matter._meta.get_field(name), "verbose_name", name))


def readable(value: Any) -> str:
    """A value of the catalogue as a person reads it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in Urgency.values:
        return str(Urgency(value).label)
    return str(value)
