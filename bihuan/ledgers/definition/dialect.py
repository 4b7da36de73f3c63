"""The XLSForm dialect as we take it: sheets, columns, types, and what is refused by name with its reason."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.ledgers.definition.columns import FACTS, SUBJECTS, YES_NO, Column, SheetKind

SURVEY = SheetKind(
    "survey", "问题", "台账的字段，一行一个（XLSForm 格式，ODK、Kobo 通用）。", "The fields, one a row, as ODK and Kobo write them.",
    (
        Column("type", "类型", "type", "text、integer、decimal、date、time、dateTime、select_one 选项表、select_multiple 选项表、geopoint、"
               "geotrace、geoshape、image、file、barcode、note、calculate、begin group … end group、begin repeat … end repeat。",
               "text, integer, … select_one LIST, begin group … end group.", ("command",), needed=True, width=24),
        Column("name", "字段名", "name", "整个台账内不重复，表达式用 ${字段名} 引用。", "Once in the ledger; expressions say ${name}.",
               ("tag", "value", "变量名"), needed=True),
        Column("label", "标签", "label", "显示给人看的问题。", "The question as people read it.", ("caption",), width=30),
        Column("hint", "提示", "hint", "填写提示。", "How to answer it.", width=24),
        Column("required", "必填", "required", "yes，或一个表达式。", "yes, or an expression.", ("bind::required",), words=YES_NO),
        Column("required_message", "必填提示", "required_message", "未填时显示。", "Shown when it is missing.",
               ("requiredmsg", "bind::jr:requiredmsg", "jr:requiredmsg"), width=24),
        Column("constraint", "校验", "constraint", "填写内容须满足的表达式，“.” 代表本字段的值。",
               "What an answer must fulfil; “.” is the answer.", ("bind::constraint",), width=24),
        Column("constraint_message", "校验提示", "constraint_message", "不满足时显示。", "Shown when it does not.",
               ("constraining_message", "bind::jr:constraintmsg", "jr:constraintmsg"), width=24),
        Column("relevant", "显示条件", "relevant", "符合此表达式才显示。", "Asked only where this holds.",
               ("relevance", "bind::relevant"), width=24),
        Column("read_only", "只读", "read_only", "yes：不能改。", "yes: cannot be changed.", ("readonly", "bind::readonly"), words=YES_NO),
        Column("calculation", "计算", "calculation", "calculate 的表达式。", "The expression of a calculate.",
               ("calculate", "bind::calculate"), width=24),
        Column("default", "默认值", "default", "起始值。", "What it is to begin with."),
        Column("choice_filter", "选项筛选", "choice_filter", "选项表中符合此表达式的才列出。", "Only choices of which this holds."),
        Column("appearance", "样式", "appearance", "显示样式。", "How it looks.", ("control::appearance",)),
        Column("repeat_count", "重复次数", "repeat_count", "重复组的次数。", "How often a repeat is asked.", ("count", "jr:count")),
        Column("parameters", "参数", "parameters", "如 max-pixels=1600。", "As in max-pixels=1600."),
        Column("household", "本户可见", "shown to the household", "是：本户凭查询码能看到这一项。",
               "yes: the household reads it in its own file.", ("住户可见",), words=YES_NO),
        Column("fact", "取自地点", "from the place", "户数、楼栋数、建成年份：地点档案里有的，自动带入，不再填写，要改到地点里改；没有的，办完一步后记入地点档案（保密台账除外）。",
               "What the item's place knows is taken over from there, not asked, and corrected there; what it does"
               " not know it learns once a step is taken (not from confidential ledgers).", ("地点信息",),
               words=FACTS),
    ),
    ("调查", "字段", "questions"),
)  # fmt: skip

CHOICES = SheetKind(
    "choices", "选项", "单选、多选的选项。", "What can be chosen.",
    (
        Column("list_name", "选项表", "list_name", "选项表名，survey 里写 select_one 选项表名。", "As in select_one LIST.",
               ("list name", "列表名"), needed=True),
        Column("name", "值", "name", "存下来的值，不含空格。", "What is stored; no spaces.", ("value", "选项值"), needed=True),
        Column("label", "标签", "label", "显示给人看的文字。", "What people read.", ("caption",), width=30),
    ),
    ("choice", "select"),
)  # fmt: skip

SETTINGS = SheetKind(
    "settings", "设置", "整个台账的设置，只有一行。", "What holds for the whole ledger, in one row.",
    (
        Column("form_title", "台账名称", "form_title", "台账的中文名称。", "Its name in Chinese.",
               ("title", "set form title"), width=30),
        Column("title_en", "英文名称", "title_en", "台账的英文名称。", "Its name in English.", ("form_title (english)",), width=30),
        Column("form_id", "台账代码", "form_id", "短代码。", "A short code.", ("id_string", "set form id")),
        Column("version", "版本", "version", "版本说明，如 2026-03。", "As in 2026-03."),
        Column("default_language", "默认语言", "default_language", "中文 (zh) 或 English (en)。", "中文 (zh) or English (en)."),
        Column("subject", "对象", "subject", "每件台账针对什么：小区、楼栋、户、街巷、点位、图斑、单位，或无。",
               "What an item is about: a kind of place, a land patch, an organisation, or none.", ("台账对象",), words=SUBJECTS),
        Column("confidential", "保密", "confidential", "是：只有本专班能看。", "yes: only the campaign's own people see items.",
               words=YES_NO),
        Column("least_count", "最少公开数", "least_count", "保密台账对外只给出不少于此数的统计。",
               "Figures of a confidential ledger leave only as counts of at least this."),
        Column("splits", "可分户", "splits", "是：一件可拆成几件（分户）。", "yes: items may be split.", ("分户",), words=YES_NO),
    ),
    ("setting",),
)  # fmt: skip

TRANSLATED = {"survey": ("label", "hint", "required_message", "constraint_message"), "choices": ("label",)}

# How authors write the types, besides our own words.
TYPE_WORDS = {
    "string": "text", "int": "integer", "datetime": "dateTime", "date time": "dateTime",
    "whole number": "integer", "number": "decimal", "photo": "image", "picture": "image", "gps": "geopoint", "location": "geopoint", "calculation": "calculate",
    "文本": "text", "文字": "text", "整数": "integer", "小数": "decimal", "数字": "decimal", "日期": "date", "时间": "time", "日期时间": "dateTime",
    "位置": "geopoint", "线": "geotrace", "面": "geoshape", "照片": "image", "图片": "image", "文件": "file", "附件": "file", "条码": "barcode",
    "说明": "note", "计算": "calculate",
}  # fmt: skip
SELECT_WORDS = {
    "select_one": "select_one", "select one": "select_one", "select one from": "select_one", "select1": "select_one",
    "select_multiple": "select_multiple", "select multiple": "select_multiple",
    "select multiple from": "select_multiple", "select all that apply": "select_multiple",
    "select all that apply from": "select_multiple", "add select one prompt using": "select_one",
    "add select multiple prompt using": "select_multiple", "单选": "select_one", "多选": "select_multiple",
}  # fmt: skip

_RECORDED = (
    _("Who did what and when is recorded with every step; nobody has to be asked."),
    _("Remove the row."),
)
_DEVICE = (
    _("The devices and ways of staff are not tracked."),
    _("Remove the row; for a place use a geopoint that a person takes."),
)
_FROM_FILE = (
    _("Choices from a file beside the workbook cannot be versioned with it."),
    _("Put the choices into the sheet choices and write select_one and the list's name."),
)
_FILM = (_("Sound and film are not kept."), _("Use image, or file for a document."))
REFUSED: dict[str, tuple[Any, Any]] = {
    **dict.fromkeys(("start", "end", "today", "username", "email"), _RECORDED),
    **dict.fromkeys(
        ("deviceid", "phonenumber", "subscriberid", "simserial", "audit", "start-geopoint",
         "background-geopoint", "imei", "uri:deviceid"),
        _DEVICE,
    ),
    **dict.fromkeys(
        ("select_one_external", "select_one_from_file", "select_multiple_from_file", "xml-external", "csv-external",
         "select one from file", "select multiple from file"),
        _FROM_FILE,
    ),
    **dict.fromkeys(("audio", "video", "background-audio"), _FILM),
    "range": (
        _("A slider gives numbers nobody meant."),
        _("Use integer or decimal with a constraint such as . >= 0 and . <= 10."),
    ),
    "rank": (
        _("An order of choices cannot be counted."),
        _("Use select_one for the first, or an integer for each choice."),
    ),
    **dict.fromkeys(
        ("acknowledge", "trigger"),
        (_("A tick alone is no answer."), _("Use select_one with a list of one choice.")),
    ),
    "phone number": (
        _("A ledger holds no phone numbers of people."),
        _("Remove the row; who may be called stands with their report, encrypted."),
    ),
    "hidden": (_("A hidden question is answered by nobody."), _("Use calculate.")),
    "osm": (_("Map objects of OpenStreetMap cannot be edited here."), _("Use geopoint or geoshape.")),
    "begin loop": (_("Loops over choices are out of use in XLSForm, too."), _("Use begin repeat.")),
    **dict.fromkeys(
        ("cascading_select", "cascading select"),
        (_("This old way of dependent choices is out of use."), _("Use select_one with a choice_filter.")),
    ),
}  # fmt: skip
OR_OTHER = (
    _("What is written under “other” is counted nowhere."),
    _("Add a choice “other”, and a text question that is relevant when it is chosen."),
)

# Columns of XLSForm that would change how the form works if we passed over them.
_NO_MEDIA = (
    _("Pictures, sound and film beside a question are not shown."),
    _("Empty the column, or remove it."),
)
REFUSED_COLUMNS: dict[str, tuple[Any, Any]] = {
    **dict.fromkeys(("image", "audio", "video", "big-image", "media"), _NO_MEDIA),
    "trigger": (_("Calculations run whenever what they use changes."), _("Empty the column, or remove it.")),
    "save to": (_("Entities are not kept; the items of the ledger are."), _("Empty the column, or remove it.")),
    "disabled": (_("A row that is switched off is no part of the ledger."), _("Remove the row, and the column.")),
    "instance": (_("Attributes of the XForm have no place here."), _("Empty the column, or remove it.")),
    "bind": (_("This property is not known here."), _("Use the plain columns, such as relevant or constraint.")),
    "control": (_("This property is not known here."), _("Use the plain columns, such as appearance.")),
    "body": (_("This property is not known here."), _("Use the plain columns, such as appearance.")),
}  # fmt: skip
REFUSED_SETTINGS: dict[str, tuple[Any, Any]] = {
    "allow choice duplicates": (
        _("Answers could not be told apart if two choices of a list had one name."),
        _("Give every choice its own name, and remove the column."),
    ),
    "public key": (_("Encrypted forms cannot be counted."), _("Remove the column.")),
    "submission url": (_("Answers stay in this system."), _("Remove the column.")),
    "auto send": (_("Answers stay in this system."), _("Remove the column.")),
    "auto delete": (_("Answers stay in this system."), _("Remove the column.")),
}
REFUSED_SHEETS: dict[str, tuple[Any, Any]] = {
    "external choices": _FROM_FILE,
    "entities": (
        _("Entities are not kept; the items of the ledger are."),
        _("Remove the sheet; name what an item is about in settings, column subject."),
    ),
    "osm": REFUSED["osm"],
}

XLSFORM = (SURVEY, CHOICES, SETTINGS)
