"""Whatever stands in a workbook, it is read or refused with faults; nothing breaks."""

from io import BytesIO
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.ledgers.definition import Definition, FaultyWorkbook, read_workbook, write_workbook
from bihuan.ledgers.definition.columns import OWN
from bihuan.ledgers.definition.dialect import REFUSED, SELECT_WORDS, TYPE_WORDS, XLSFORM
from bihuan.ledgers.definition.model import TYPES
from bihuan.ledgers.tests.books import gardens, made

ODD = [
    "", "甲", "${", "${a}", "${a} = ${b}", "sum(${a})", ".", "a", "b", "yes", "是", "1", "-1", 0.1,
    True, "a b", "x" * 300, "((((", "'", "=1+1", "list_name", "name", "type", "begin group",
    "end group", "begin repeat", "end repeat", "begin loop over a", "select_one a",
    "select_multiple a or_other", "select_one", "5d", "2026-01-01", "a;b;c", "角色:", "%(x)s %s {0}",
    "label::", "::", "bind::foo", "a:b:c", "key=value", "=", "reason", "步骤:clear", "字段:size",
    "\u200b", "audit", "range", "rank a", "xml-external", "csv-external", "entities", "table-list",
    "field-list", "quick", "\U0001f600",
]  # fmt: skip
cells = st.sampled_from([*ODD, *TYPES, *TYPE_WORDS, *SELECT_WORDS, *REFUSED]) | st.text(max_size=6)
headings = [h for kind in (*XLSFORM, *OWN) for column in kind.columns for h in column.headings]
wild = st.sampled_from([*headings, *ODD, "label::中文 (zh)", "media::image", "hint::English (en)"])


@given(data=st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_cells_are_read_or_refused(data: Any) -> None:
    sheets = {}
    for kind in (*XLSFORM, *OWN):
        if data.draw(st.booleans()):
            known = [data.draw(st.sampled_from(column.headings)) for column in kind.columns if column.needed]
            head = [*known, *data.draw(st.lists(wild, max_size=4))]
            rows = data.draw(st.lists(st.lists(cells, max_size=len(head)), max_size=5))
            sheets[kind.key] = [head, *rows]
    _read_or_refused({"survey": [["type", "name", "label"]]} | sheets)


@given(data=st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_one_cell_gone_mad_is_read_or_refused(data: Any) -> None:
    sheets = gardens()
    for _n in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(list(sheets)))
        line = sheets[name][data.draw(st.integers(0, len(sheets[name]) - 1))]
        column = data.draw(st.integers(0, 12))
        line += [""] * (column + 1 - len(line))
        line[column] = data.draw(cells)

    _read_or_refused(sheets)


def _read_or_refused(sheets: dict[str, Any]) -> None:
    try:
        definition = read_workbook(made(sheets), "x.xlsx")
    except FaultyWorkbook as refused:
        assert refused.faults
        for fault in refused.faults:
            assert str(fault.problem) and fault.sheet
            assert str(fault.remedy)
        return
    assert isinstance(definition, Definition)
    assert read_workbook(BytesIO(write_workbook(definition)), "x.xlsx") == definition
