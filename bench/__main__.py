"""`python -m bench [PART …]`: measures, and prints a Markdown table of ratios.

Parts are reports, lists, ledgers, taking_in, locate, memory and calendar; all of them if none is named. From
the environment: BENCH_SIZES (numbers of cases and items, by default 10000,100000,1000000), BENCH_SECONDS (of
each run of reports), BENCH_REPEATS (visits to each page), BENCH_ROWS (of an imported workbook, by default
100000), BENCH_KEEP=1 (use databases of cases and items that are there already).
"""

import json
import os
import platform
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from bench import district, ledgers, lists, many, reports, site, taking_in

SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "10000,100000,1000000").split(",")]
ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
SECONDS = os.environ.get("BENCH_SECONDS", "8")
RUNS = "3"  # of each way to report; the middle one counts
Row = tuple[str, str, str]


def main() -> None:
    parts = sys.argv[1:] or list(PARTS)
    site.DATA.mkdir(exist_ok=True)
    print(f"{machine()}\n", flush=True)
    if {"reports", "locate", "memory"} & set(parts):
        _say("making a district")
        district.make_database(reports.DATABASE)
    rows: list[Row] = []
    for part in parts:
        _say(part)
        rows += PARTS[part]()
    print("| measured | ratio | numbers |\n|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")


def machine() -> str:
    """Which machine, with what on it."""
    model = "unknown processor"
    with Path("/proc/cpuinfo").open() as lines:
        model = next(
            (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), model
        )
    memory = psutil.virtual_memory().total / 2**30
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    version = district.administer("SHOW server_version")[0][0]
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GB; Python {platform.python_version()},"
        f" PostgreSQL {version}; {commit}, {time.strftime('%Y-%m-%d')}; load {os.getloadavg()[0]:.1f}"
    )


def of_reports() -> list[Row]:
    told = json.loads(site.run(reports.DATABASE, "-m", "bench.reports", SECONDS, RUNS))
    page, api, view = told["page"], told["api"], told["view"]
    inserts = told["inserts"]
    return [
        ("reports over the public page", f"{page['rate'] / inserts:.2f} of plain inserts", _rate(page)),
        ("reports over the interface", f"{api['rate'] / inserts:.2f} of plain inserts", _rate(api)),
        ("a plain Django view", f"{view['rate'] / inserts:.2f} of plain inserts", _rate(view)),
        (
            "page, interface against the plain view",
            _against(page, api, view),
            "by rate; by CPU of web and database",
        ),
        ("plain inserts", "1", f"{inserts:.0f}/s by {reports.WORKERS * reports.THREADS} connections"),
        (
            "reports with a worker, all reactions done",
            f"{told['worked_off'] / page['rate']:.2f} of the page alone",
            f"{told['worked_off']:.0f}/s, {told['reactions']:.1f} reactions each",
        ),
    ]


def _rate(run: dict[str, float]) -> str:
    return (
        f"{run['rate']:.0f}/s, p50 {run['p50']:.0f} ms, p95 {run['p95']:.0f} ms; CPU {run['web']:.2f} ms web,"
        f" {run['database']:.2f} database, {run['client']:.2f} client"
    )


def _against(page: dict[str, float], api: dict[str, float], view: dict[str, float]) -> str:
    def cost(run: dict[str, float]) -> float:
        return (run["web"] + run["database"]) / (view["web"] + view["database"])

    return (
        f"{page['rate'] / view['rate']:.2f}, {api['rate'] / view['rate']:.2f}; cost {cost(page):.2f},"
        f" {cost(api):.2f}"
    )


def of_lists() -> list[Row]:
    def build(size: int) -> None:
        site.run(many.name_of(size), "-m", "bench.many", str(size))

    return _grown("cases", many.name_of, build, lists.seen_at)


def of_ledgers() -> list[Row]:
    def build(size: int) -> None:
        site.run(ledgers.name_of(size), "-m", "bench.ledgers", "build", str(size))

    return _grown("items", ledgers.name_of, build, ledgers.seen_at)


def _grown(
    things: str,
    name_of: Callable[[int], str],
    build: Callable[[int], None],
    seen_at: Callable[[int], list[lists.Seen]],
) -> list[Row]:
    """A row for each group of pages: how their time grows with the number of things."""
    seen: dict[int, dict[str, list[lists.Seen]]] = {}
    for size in SIZES:
        if not (os.environ.get("BENCH_KEEP") and district.database_exists(name_of(size))):
            _say(f"making {size:,} {things}")
            build(size)
        _say(f"visiting pages at {size:,} {things}")
        seen[size] = defaultdict(list)
        for page in seen_at(size):
            seen[size][page.group].append(page)
    rows = []
    first, last = SIZES[0], SIZES[-1]
    for group in seen[last]:
        pairs = _alike(seen[first][group], seen[last][group])
        grown = _middle([after for _before, after in pairs]) / _middle([before for before, _after in pairs])
        worst = max(seen[last][group], key=lambda page: page.p95)
        sizes = "; ".join(
            f"{size:,}: p50 {_middle(seen[size][group]):.0f}, p95 {_worst(seen[size][group]):.0f} ms,"
            f" database {median(page.database for page in seen[size][group]):.0f} ms,"
            f" {max(page.queries for page in seen[size][group])} queries"
            for size in SIZES
        )
        name = f"{group}, {len(seen[last][group])} of them"
        ratio = f"× {grown:.2f} from {first:,} to {last:,} ({len(pairs)} with as many rows)"
        rows.append((name, ratio, f"{sizes}; slowest: {worst.name}"))
    return rows


def _alike(before: list[lists.Seen], after: list[lists.Seen]) -> list[tuple[lists.Seen, lists.Seen]]:
    """The same pages at both sizes where they show as many rows: ten times the rows are no growth."""
    pairs = list(zip(before, after, strict=True))
    return [pair for pair in pairs if pair[0].rows == pair[1].rows] or pairs


def _middle(pages: list[lists.Seen]) -> float:
    return median(page.p50 for page in pages)


def _worst(pages: list[lists.Seen]) -> float:
    """The 95th percentile of the slowest of these pages."""
    return max(page.p95 for page in pages)


def of_taking_in() -> list[Row]:
    told = taking_in.taken_in(ROWS)
    megabytes = told["bytes"] / 2**20
    return [
        (
            f"{ROWS:,} items from a workbook",
            f"{told['copy'] / told['import']:.3f} of a plain COPY of the rows that come of them",
            f"{ROWS / told['import']:.0f} rows/s; COPY {ROWS / told['copy']:.0f}/s of {megabytes:.0f} MB",
        )
    ]


def of_locate() -> list[Row]:
    told = json.loads(site.run(reports.DATABASE, "-m", "bench.locate", reports.DATABASE))
    differ = f"{100 * told['differing']:.2f} % of the answers differ"
    return [
        (
            "area of one point, against STRtree",
            f"{told['single_tree'] / told['single']:.0f} times as fast",
            f"{told['single']:.2f} µs, tree {told['single_tree']:.1f} µs; {differ}",
        ),
        (
            "areas of 100,000 points at once",
            f"{told['bulk_tree'] / told['bulk']:.0f} times as fast",
            f"{told['bulk']:.2f} µs each, tree {told['bulk_tree']:.2f} µs",
        ),
    ]


def of_memory() -> list[Row]:
    told = json.loads(site.run(reports.DATABASE, "-m", "bench.memory"))
    total = sum(told.values())
    return [
        (f"memory: {name}", f"{100 * size / total:.0f} % of {total / 2**20:.0f} MB", f"{size / 2**20:.0f} MB")
        for name, size in told.items()
    ]


def of_calendar() -> list[Row]:
    told: dict[str, Any] = json.loads(site.run("postgres", "-m", "bench.calendar"))
    differ = f"{told['differing']:.0f} answers differ"
    return [
        (
            f"working time: {name}",
            f"{told[f'{name}_loop'] / told[name]:.0f} times as fast as a loop over days",
            f"{told[name]:.1f} µs, loop {told[f'{name}_loop']:.0f} µs; {differ}",
        )
        for name in ("add", "between")
    ]


def _say(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


PARTS = {
    "reports": of_reports,
    "lists": of_lists,
    "ledgers": of_ledgers,
    "taking_in": of_taking_in,
    "locate": of_locate,
    "memory": of_memory,
    "calendar": of_calendar,
}

if __name__ == "__main__":
    main()
