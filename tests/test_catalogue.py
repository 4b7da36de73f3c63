"""Everything the product says is there in Chinese, and the tool that makes sure of it works."""

import json
from pathlib import Path

import polib
import pytest
from django.utils import translation

from tools import catalogue
from tools.catalogue import Message, Untranslatable, messages_in_python, messages_in_template


def in_python(source: str) -> set[Message]:
    return set(messages_in_python(source, "example.py"))


def in_template(source: str) -> set[Message]:
    return set(messages_in_template(source, "example.html"))


def book_of(**translations: str) -> polib.POFile:
    book = polib.POFile()
    book.extend(polib.POEntry(msgid=text, msgstr=chinese) for text, chinese in translations.items())
    return book


def test_the_chinese_catalogue_is_complete() -> None:
    wrong = list(catalogue.faults(catalogue.load(), catalogue.messages()))
    assert not wrong, "\n".join(wrong)


def test_the_catalogue_is_written_as_the_tool_writes_it() -> None:
    book = catalogue.update(catalogue.load(), catalogue.messages())
    assert str(book).strip() == catalogue.CATALOGUE.read_text().strip()


def test_english_readers_never_get_chinese() -> None:
    with translation.override("en"):
        for message in catalogue.messages():
            if message.context is None and not message.plural:
                assert not any("\u4e00" <= c <= "\u9fff" for c in translation.gettext(message.id)) or any(
                    "\u4e00" <= c <= "\u9fff" for c in message.id
                ), message.id


def test_chinese_readers_get_chinese() -> None:
    with translation.override("zh-hans"):
        assert translation.gettext("Failed reactions") != "Failed reactions"


def test_python_calls_are_found() -> None:
    source = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext_lazy, npgettext, gettext as known
_("one " "text")
ngettext("%(n)s day", "%(n)s days", n)
pgettext_lazy("of a case", "Close")
npgettext("c", "s", "p", 2)
_(variable)
known("Django has this")
translation.gettext("dotted")
"""
    assert in_python(source) == {
        Message("one text"),
        Message("%(n)s day", plural="%(n)s days"),
        Message("Close", context="of a case"),
        Message("s", context="c", plural="p"),
        Message("dotted"),
    }


@pytest.mark.parametrize("call", ['_(f"hello {name}")', '_("hello %s" % name)', '_("a" + b)'])
def test_texts_put_together_too_early_are_refused(call: str) -> None:
    with pytest.raises(Untranslatable, match=r"example\.py:1"):
        in_python(call)


def test_template_tags_are_found() -> None:
    source = """{% load i18n %}{% translate "Plain" %}{% translate 'As' as word %}
{% trans "Close" context "of a case" %}<c-card title="{% translate 'In an attribute' %}">
{{ _("Said") }}
{% if x == _("Compared") %}{% endif %}
{% blocktranslate trimmed with name=person.name %}
  Hello
  {{ name }}, 100 %
{% endblocktranslate %}
{% blocktranslate count n=rows|length %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}
{# translate "no" #}{% comment %}{% translate "neither" %}{% endcomment %}"""
    assert in_template(source) == {
        Message("Plain"),
        Message("As"),
        Message("Close", context="of a case"),
        Message("In an attribute"),
        Message("Said"),
        Message("Compared"),
        Message("Hello %(name)s, 100 %%"),
        Message("%(n)s row", plural="%(n)s rows"),
    }


def test_update_keeps_what_is_translated_and_drops_the_rest() -> None:
    book = catalogue.update(book_of(Old="旧", Kept="留"), [Message("Kept"), Message("New")])
    assert [(entry.msgid, entry.msgstr) for entry in book] == [("Kept", "留"), ("New", "")]


def test_merge_fills_plurals_and_contexts() -> None:
    wanted = [
        Message("%(n)s day", plural="%(n)s days"),
        Message("Close", context="of a case"),
        Message("Plain"),
    ]
    book = catalogue.update(polib.POFile(), wanted)
    unknown = catalogue.merge(
        book, {"%(n)s day": ["%(n)s 天"], "of a case\x04Close": "结案", "Plain": "普通", "Unknown": "不知"}
    )
    assert unknown == ["Unknown"]
    assert not list(catalogue.faults(book, wanted))


@pytest.mark.parametrize(
    ("english", "chinese", "fault"),
    [
        ("Text", "", "untranslated"),
        ("Hello %(name)s", "你好", "other placeholders"),
        ("Hello %(name)s", "你好 %(nmae)s", "other placeholders"),
        ("%s of %s", "%s", "other placeholders"),
        ("100 %%", "百分之百", None),
        ("all of it", "100%", "a percent sign of its own, which drops the translation of a block"),
        ("%(a)s and %(b)s", "%(b)s和%(a)s", None),
    ],
)
def test_faults_are_found(english: str, chinese: str, fault: str | None) -> None:
    found = list(catalogue.faults(book_of(**{english: chinese}), [Message(english)]))
    assert [line.split(":")[0] for line in found] == ([fault] if fault else [])


def test_obsolete_and_fuzzy_are_faults() -> None:
    book = book_of(Text="文")
    book[0].flags.append("fuzzy")
    assert [line.split(":")[0] for line in catalogue.faults(book, [Message("Text")])] == ["fuzzy"]
    assert [line.split(":")[0] for line in catalogue.faults(book_of(Gone="去"), [])] == ["obsolete"]


def test_the_command_merges_updates_and_compiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setattr(catalogue, "CATALOGUE", tmp_path / "django.po")
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_text(json.dumps({"Failed reactions": "失败的后续处理", "Not in the sources": "无"}))
    second.write_text(json.dumps({"Failed reactions": "另一个译法"}))

    assert catalogue.main(["merge", str(first), str(second)]) == 0
    said = capsys.readouterr().out
    assert "two translations: 'Failed reactions'" in said
    assert "not in the sources: 'Not in the sources'" in said
    catalogue.main(["compile"])
    compiled = polib.mofile(str(tmp_path / "django.mo"))
    assert compiled.find("Failed reactions").msgstr == "失败的后续处理"
    assert catalogue.main(["check"]) == 1
