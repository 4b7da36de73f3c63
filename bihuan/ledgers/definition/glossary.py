"""Units and roles, which a workbook has in one language; those of the ledgers that come with us have both."""

from bihuan.ledgers.definition.model import Words

UNITS = {
    "处": "places",
    "个": "pcs",
    "件": "matters",
    "户": "households",
    "户次": "household visits",
    "人次": "person-times",
    "栋": "buildings",
    "辆": "vehicles",
    "份": "copies",
    "分": "points",
    "亩": "mu",
    "平方米": "m²",
    "项": "things",
    "次": "times",
    "月": "months",
}
ROLES = {
    "法律顾问": "legal adviser",
    "批准人": "approver",
    "核算员": "reckoner",
    "验收员": "acceptance officer",
    "消防验收人": "fire-safety officer",
    "运营商": "telecom operator",
    "居民代表": "residents' representative",
    "农业农村": "agriculture and rural affairs",
    "自然资源": "natural resources",
}


def unit_words(unit: str) -> Words:
    """What is counted, in both languages where we know it; else as the ledger's author wrote it."""
    return Words(unit, UNITS.get(unit, ""))


def role_words(role: str) -> Words:
    """A role of a task force, in the same way."""
    return Words(role, ROLES.get(role, ""))
