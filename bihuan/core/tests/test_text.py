"""What people type is cleaned, and Chinese is cut into words."""

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.text import CONTROL, clean, listed, normalise, segment


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  ２０２３年３月 ", "2023年3月"),
        ("飞线\x00充电", "飞线充电"),
        ("零\u200b宽", "零宽"),
        ("一行\r\n二行\r三行", "一行\n二行\n三行"),
        ("\ufeff标题", "标题"),
        ("\u202e倒写", "倒写"),
        ("ＡＢＣ（１）", "ABC(1)"),
    ],
)
def test_normalise(typed: str, kept: str) -> None:
    assert normalise(typed) == kept


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert not CONTROL.search(once)


def test_clean_keeps_what_was_written() -> None:
    assert clean(" 他说：“全角，１２３”\x00 ") == "他说：“全角，１２３”"


def test_segment_finds_words_and_their_parts() -> None:
    words = segment("丽发新城搅拌站噪音扰民").split()
    assert "搅拌站" in words
    assert {"噪音", "扰民"} <= set(words)


def test_segment_makes_search_ignore_width_and_case() -> None:
    assert segment("ＡＢＣ") == segment("abc")


def test_segment_leaves_out_punctuation() -> None:
    assert segment("，。！？、…") == ""
    assert segment("") == ""


@pytest.mark.parametrize(("language", "strung"), [("en", "甲, 乙"), ("zh-hans", "甲、乙")])
def test_words_in_a_row_stand_as_their_reader_writes_them(language: str, strung: str) -> None:
    with override(language):
        assert listed(["甲", "乙"]) == strung
