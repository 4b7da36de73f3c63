"""The sheets and columns of the workbook, and the words it uses, in both languages."""

from bihuan.accounts.models import DutyKind, UnitKind

# Each sheet: its Chinese title, other accepted titles, and its columns likewise.
SHEETS: dict[str, tuple[str, set[str]]] = {
    "units": ("单位", {"units", "unit"}),
    "people": ("人员", {"people", "person", "users"}),
    "duties": ("职责", {"duties", "duty"}),
}
COLUMNS: dict[str, dict[str, tuple[str, set[str]]]] = {
    "units": {
        "code": ("单位编码", {"编码", "code", "unit code"}),
        "name": ("单位名称", {"名称", "name", "unit name"}),
        "name_en": ("英文名称", {"english name", "name_en"}),
        "kind": ("类型", {"单位类型", "kind", "type"}),
        "parent": ("上级单位编码", {"上级编码", "上级单位", "parent", "parent code"}),
        "area": ("所在区域", {"区域", "area"}),
    },
    "people": {
        "username": ("登录名", {"用户名", "sign-in name", "username"}),
        "name": ("姓名", {"name"}),
        "phone": ("手机号", {"电话", "手机", "phone"}),
        "password": ("初始密码", {"password", "first password"}),
    },
    "duties": {
        "username": ("登录名", {"用户名", "sign-in name", "username"}),
        "kind": ("职责", {"岗位", "duty", "kind"}),
        "area": ("区域", {"负责区域", "area"}),
        "unit": ("单位", {"单位编码", "所在单位", "unit"}),
        "starts_on": ("开始日期", {"起始日期", "first day", "from"}),
        "ends_on": ("结束日期", {"截止日期", "last day", "to"}),
    },
}
NEEDED = {"units": ["code", "name", "kind"], "people": ["username", "name"], "duties": ["username", "kind"]}

DUTY_WORDS = {
    "网格员": DutyKind.GRID_WORKER,
    "受理员": DutyKind.CLERK,
    "调度员": DutyKind.DISPATCHER,
    "承办人": DutyKind.HANDLER,
    "核查员": DutyKind.INSPECTOR,
    "督办员": DutyKind.SUPERVISOR,
    "领导": DutyKind.LEADER,
    "审计员": DutyKind.AUDITOR,
    "系统管理员": DutyKind.ADMINISTRATOR,
}
UNIT_WORDS = {
    "区级": UnitKind.DISTRICT,
    "部门": UnitKind.DEPARTMENT,
    "街道": UnitKind.SUBDISTRICT,
    "社区": UnitKind.COMMUNITY,
    "运营单位": UnitKind.OPERATOR,
    "物业公司": UnitKind.PROPERTY_COMPANY,
    "医疗机构": UnitKind.HOSPITAL,
    "其他": UnitKind.OTHER,
}
