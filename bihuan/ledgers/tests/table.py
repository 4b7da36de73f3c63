"""The shared table of expressions, and what this side makes of a case."""

import json
import math
from pathlib import Path
from typing import Any

from bihuan.ledgers.expressions import Context, Fault, Outline, check, order_of, parse, references
from bihuan.ledgers.expressions.moments import offset_of, read

HERE = Path(__file__).resolve().parent
TABLE = json.loads((HERE / "expressions.json").read_text())

Case = dict[str, Any]


def outline_of(fields: dict[str, Any]) -> dict[str, Any]:
    """The outline that answers follow, as far as they show it."""
    found: dict[str, Any] = {}
    for name, stored in fields.items():
        repeats = isinstance(stored, list) and all(isinstance(row, dict) for row in stored)
        inner = {key: value for row in stored for key, value in row.items()} if repeats else {}
        found[name] = outline_of(inner) if repeats else None
    return found


def made_ready(case: Case) -> Case:
    """A case as both sides take it."""
    fields = case.get("fields", {})
    now = read(case.get("now", TABLE["now"]), 0)
    return {
        "expression": case["expression"],
        "outline": case.get("outline", outline_of(fields)),
        "answers": fields,
        "now": now,
        "zone": offset_of(case.get("zone", TABLE["zone"])),
        "language": case.get("language", TABLE["language"]),
        "this": case.get("this", ""),
        "at": case.get("at", {}),
        "columns": case.get("columns"),
        "choices": case.get("choices", {}),
    }


def told(value: Any) -> Any:
    """A value as JSON can say it."""
    if isinstance(value, bool) or not isinstance(value, float):
        return value
    if math.isnan(value):
        return {"number": "NaN"}
    if math.isinf(value):
        return {"number": "Infinity" if value > 0 else "-Infinity"}
    return {"number": "-0" if value == 0 and math.copysign(1, value) < 0 else value}


def outcome(ready: Case) -> Case:
    """What comes out of a case, or what is wrong with it. The twin is in twin.ts."""
    try:
        if "order" in ready:
            return {"result": order_of({name: parse(text) for name, text in ready["order"].items()})}
        expression = parse(ready["expression"])
        outline = Outline(ready["outline"])
        for fault in check(expression, outline, around=tuple(ready["at"]), columns=ready["columns"]):
            raise fault
        given = {
            name: ready[name]
            for name in ("answers", "now", "zone", "language", "this", "at", "columns", "choices")
        }
        context = Context(outline, **given)
        return {
            "result": told(expression.value(context)),
            "text": expression.text(context),
            "number": told(expression.number(context)),
            "truth": expression.truth(context),
            "references": sorted(references(expression)),
        }
    except Fault as fault:
        return {"fault": fault.code, "position": fault.position}


def expected(case: Case, found: Case) -> tuple[Any, Any]:
    """What the table says and what came out, made comparable."""
    if "fault" in case:
        keys = [key for key in ("fault", "position") if key in case]
        return {key: case[key] for key in keys}, {key: found.get(key) for key in keys}
    wanted = case["result"]
    if isinstance(wanted, int | float) and not isinstance(wanted, bool):
        wanted = {"number": wanted}
    result = found.get("result", found)
    return wanted, {"number": 0} if result == {"number": "-0"} else result
