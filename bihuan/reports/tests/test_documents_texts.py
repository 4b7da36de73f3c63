"""Whatever somebody wrote, the file opens again and says exactly that."""

import io
from decimal import Decimal
from functools import cache

import openpyxl
import pytest
from docx import Document
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bihuan.ledgers.definition import Words
from bihuan.reports.documents import Summary, Template, Text, check_template, fill, names_in, table_of
from bihuan.reports.documents.wording import clean, speak
from bihuan.reports.tests import samples
from bihuan.reports.tests.making import excel, texts, word

ODD = "𠮷👩‍👩‍👧‍👦🇨🇳é\x00\x01\x0b\x1f\x7f\u200b\ufeff\ufffe\uffff<>&'\"]]>{{处数}}{%x%}=+-@_x0041_ \t\n\r\u2028\u0085\xa0　"
WRITTEN = st.text(st.one_of(st.sampled_from(ODD), st.characters(exclude_categories=["Cs"])), max_size=60)


def about(text: str) -> Summary:
    blocked = table_of("blocked", [{"title": text, "why": text}])
    return samples.summary(
        samples.garden(tables=(blocked,), texts=(Text("next", Words("下一步"), text),)), title=Words(text)
    )


@cache
def templates() -> tuple[Template, Template]:
    names = names_in(about(""))
    document = word("{{下一步}}", "前{{标题}}后", tables=[[["{{受阻.名称}}", "x{{受阻.原因}}"]]])
    book = excel(
        [["{{下一步}}", "前{{标题}}后"], ["{{受阻.名称}}", "x{{受阻.原因}}"], ["{{#受阻}}{{原因}}{{/受阻}}"]]
    )
    return check_template(document, names), check_template(book, names)


def words_say(text: str) -> list[str]:
    return texts(fill(templates()[0], about(text), "zh-hans"))


def cells_say(text: str) -> list[str | None]:
    book = openpyxl.load_workbook(io.BytesIO(fill(templates()[1], about(text), "zh-hans")))
    return [cell.value for row in book.worksheets[0].iter_rows() for cell in row][:5]


def unescaped(value: str | None) -> str:
    """The file format writes _x0041_ as _x005F_x0041_; spreadsheet programs read it back, openpyxl does not."""
    return (value or "").replace("_x005F_", "_")


@given(WRITTEN)
@example("{{人次}}")
@example("_x0041__x000D_")
@example("=1+1")
@example("\n\n\t\n")
@settings(max_examples=150, deadline=None)
def test_the_text_comes_back(text: str) -> None:
    said = clean(text)
    assert words_say(text)[:4] == [said, f"前{said}后", said, f"x{said}"]
    assert [unescaped(cell) for cell in cells_say(text)] == [said, f"前{said}后", said, f"x{said}", said]


@pytest.mark.parametrize("sign", ["字", "𠮷", "&", "\n", "😀"])
def test_long_texts_come_back(sign: str) -> None:
    text = sign * 20_000
    assert words_say(text)[0] == text
    whole = cells_say(text)[0] or ""
    most = 20_000 if len(sign.encode("utf-16-le")) == 2 else 32_767 // 2  # a sign of two halves counts twice
    assert len(whole) == most
    assert whole == sign * most


def test_half_a_character_is_left_out() -> None:
    assert words_say("一\ud800二")[0] == "一二"
    assert cells_say("一\udfff二")[0] == "一二"


def test_a_name_of_a_campaign_with_signs() -> None:
    part = samples.garden(name=Words("A & B <1>"), alias="一号.试点")
    summary = samples.summary(samples.moving(), part)
    template = check_template(word("{{一号.试点.处数}}{{A&B<1>.处数}}"), names_in(summary))
    assert Document(io.BytesIO(fill(template, summary, "en"))).paragraphs[0].text == "1818"


def test_nothing_is_one_nought_whatever_it_is_the_difference_of():
    assert [speak(Decimal(text), "zh", ("signed",)) for text in ("0", "0.0", "-0.00", "0.7")] == [
        "0", "0", "0", "+0.7",
    ]  # fmt: skip
