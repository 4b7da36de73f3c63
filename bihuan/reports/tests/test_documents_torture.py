"""Files broken by chance: each is a template that can be filled, or is refused with a sentence; never anything else."""

import io
import re
import zipfile
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.reports.documents import FaultyTemplate, check_template, default_template, fill
from bihuan.reports.tests import samples
from bihuan.reports.tests.making import altered, names

PIECES = re.compile(rb'"[^"<>]*"|>[^<>]+<|<[^<>]+>')
ODD = [
    b"",
    b"-1",
    b"99999999999999999999",
    b"A0",
    b"ZZZZ9",
    b"x",
    b"\xff",
    b"{{",
    b"}}",
    b"0",
    b"A1:B",
    b"<",
    b"&",
]


@cache
def originals() -> dict[str, tuple[bytes, dict[str, bytes]]]:
    found = {}
    for kind in ("docx", "xlsx"):
        content = default_template(kind, "daily", names(), "zh-hans")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found[kind] = (
                content,
                {
                    name: archive.read(name)
                    for name in archive.namelist()
                    if re.search(r"\.(xml|rels)$", name)
                },
            )
    return found


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_broken_file(data: st.DataObject) -> None:
    content, parts = originals()[data.draw(st.sampled_from(["docx", "xlsx"]))]
    name = data.draw(st.sampled_from(sorted(parts)))
    xml = parts[name]
    for _time in range(data.draw(st.integers(1, 3))):
        found = list(PIECES.finditer(xml))
        if not found:
            break
        piece = found[data.draw(st.integers(0, len(found) - 1))]
        new = data.draw(st.sampled_from([*ODD, found[data.draw(st.integers(0, len(found) - 1))][0]]))
        if piece[0].startswith(b'"') and not new.startswith(b'"'):
            new = b'"' + new + b'"'
        xml = xml[: piece.start()] + new + xml[piece.end() :]
    try:
        template = check_template(altered(content, {name: xml}), names())
    except FaultyTemplate as faulty:
        assert all(str(fault) for fault in faulty.faults)
    else:
        assert fill(template, samples.summary(), "zh-hans").startswith(b"PK")
