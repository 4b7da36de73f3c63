"""What a column of a workbook may mean, and the words by which its heading gives that away."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from bihuan.core.book import plain


@dataclass(frozen=True)
class Field:
    """One meaning. `words` are headings written without spaces and marks, in lower case."""

    label: Any
    words: tuple[str, ...]
    hint: Any = ""


def _field(label: Any, words: str, hint: Any = "") -> Field:
    return Field(label, tuple(words.split()), hint)


FIELDS: dict[str, Field] = {
    "number": _field(
        _("number of the sender"),
        "留言编号 工单编号 工单号 受理编号 事件编号 案件编号 诉求编号 投诉编号 来电编号 案件号"
        " 编号 单号 流水号"
        " number no id ticket ticketid caseid casenumber servicerequestnum servicerequestid"
        " srnumber requestid",
    ),
    "title": _field(
        _("heading"),
        "留言主题 留言标题 工单标题 事件标题 诉求标题 案件标题 主题 标题 事由 title subject summary",
    ),
    "words": _field(
        _("what was reported"),
        "留言详情 留言内容 诉求内容 工单内容 投诉内容 反映内容 问题描述 事件描述 问题内容"
        " 情况描述 案件描述 详情 内容"
        " 描述 正文 问题 诉求 words text description details detail content body message problem"
        " complaint comments",
    ),
    "said_at": _field(
        _("when it was reported"),
        "留言时间 留言日期 上报时间 上报日期 反映时间 投诉时间 来电时间 受理时间 登记时间"
        " 登记日期 创建时间 提交时间"
        " 发生时间 日期 时间 date time created createdat createddate createddatetime reportedat"
        " reported requesteddatetime"
        " saidat submittedat",
    ),
    "address": _field(
        _("address"),
        "地址 地点 详细地址 事发地点 事发地址 发生地址 发生地点 问题地址 位置 具体位置 address"
        " location street place",
    ),
    "area": _field(
        _("area (name or code)"),
        "所属区域 所属社区 所属街道 所属网格 社区 街道 网格 村社区 区划代码 area community"
        " subdistrict grid areacode",
    ),
    "lon": _field(_("longitude"), "经度 longitude lon lng long"),
    "lat": _field(_("latitude"), "纬度 latitude lat"),
    "point": _field(
        _("longitude and latitude in one column"), "经纬度 坐标 定位坐标 coordinates lonlat lnglat point"
    ),
    "name": _field(
        _("name of the reporter"),
        "姓名 反映人 反映人姓名 联系人 投诉人 来电人 市民姓名 诉求人 上报人 name reporter contact"
        " contactname caller",
    ),
    "phone": _field(
        _("phone of the reporter"),
        "电话 联系电话 手机 手机号 手机号码 联系方式 电话号码 来电号码 反映人电话 phone mobile"
        " tel telephone phonenumber",
    ),
    "may_call": _field(
        _("agrees to be called back"),
        "同意回访 是否同意回访 是否回访 可否回访 愿意回访 maycall callback consent",
    ),
    "category": _field(
        _("what the sender files it under"),
        "一级标签 标签 一级分类 分类 类别 问题类型 诉求类型 事项 事项名称 类型 matter category"
        " label type requesttype"
        " srtype servicename",
    ),
}

# The columns that the workbook of refused rows adds; a mended copy comes back with them.
ADDED = (_("row in the file"), _("why refused"), _("what to do"))

BY_WORD = {word: (name, rank) for name, field in FIELDS.items() for rank, word in enumerate(field.words)}


@lru_cache
def _own() -> frozenset[str]:
    """The headings we add, in every language somebody may have fetched them in."""
    found = set()
    for code, _name in settings.LANGUAGES:
        with override(code):
            found |= {plain(str(title)) for title in ADDED}
    return frozenset(found)


def meaning_of(title: str) -> tuple[str, int] | None:
    """The field that a heading names, and how surely: 0 is the surest."""
    found = BY_WORD.get(plain(title))
    return None if is_ours(title) else found


def recognised(titles: Sequence[str]) -> set[str]:
    """The fields that these headings name."""
    return {found[0] for title in titles if len(title) <= 40 and (found := meaning_of(title))}


def is_ours(title: str) -> bool:
    return plain(title) in _own()
