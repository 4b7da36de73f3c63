"""Expressions in the real browser, under the real content policy: the table, and what chance makes up."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

from bihuan.ledgers.tests.chance import made_up
from bihuan.ledgers.tests.table import TABLE, expected, made_ready, outcome
from bihuan.ledgers.tests.twin import bundle
from tests.journeys.conftest import Visitor

MADE_UP = 500


def test_the_browser_reckons_as_the_server_does(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    script = bundle(tmp_path).read_text()
    resident = visit(width="phone")
    page = resident.go("/")
    page.route(
        "**/static/expressions.js",
        lambda route: route.fulfill(body=script, content_type="text/javascript; charset=utf-8"),
    )
    page.add_script_tag(url="/static/expressions.js")

    chance = Random(20260301)
    cases = [*map(made_ready, TABLE["cases"]), *(made_up(chance) for _each in range(MADE_UP))]
    answers = page.evaluate("cases => JSON.stringify(JSON.parse(cases).map(outcome))", json.dumps(cases))
    said = json.loads(answers, parse_int=float)
    wrong = [
        f"{json.dumps(case, ensure_ascii=False)}: {found}"
        for case, found in zip(cases, said, strict=True)
        if found != outcome(case)
    ]
    assert not wrong, "\n".join(wrong)
    for case, found in zip(TABLE["cases"], said, strict=False):
        wanted, compared = expected(case, found)
        assert wanted == compared, case
