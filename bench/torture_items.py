"""Kills the worker in the middle of an import of items and of a batch, and looks whether each was done once.

    python -m bench.torture_items [ROWS] [KILLS]

A `bihuan worker` runs alone on a data folder of its own with an embedded database. It is killed with
`kill -9` whenever both jobs have moved on; its jobs are given back, and another worker goes on.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from bench.torture import ROOT, Torture

STILL = 60  # seconds without any progress after which something is broken
PROGRESS = (
    "SELECT (SELECT coalesce(sum(created + refused), 0) FROM ledgers_itemsheet),"
    " (SELECT count(*) FROM ledgers_batchrow WHERE done_at IS NOT NULL),"
    " (SELECT count(*) FROM procrastinate_jobs WHERE queue_name IN ('imports', 'exports')"
    " AND status IN ('todo', 'doing'))"
)


class ItemTorture(Torture):
    """One run: a worker that is killed again and again."""

    def __init__(self, folder: Path):
        super().__init__(folder, 0)
        self.worker: subprocess.Popen[bytes] | None = None
        self.kept: psycopg.Connection[Any] | None = None
        self.last = (0, 0, 1)

    def step(self, *arguments: str) -> Any:
        """Run a step of `bench.torture_items_inside` with the product; its answer."""
        done = subprocess.run(
            [sys.executable, "-m", "bench.torture_items_inside", *arguments],
            env=self.environment(), stdout=subprocess.PIPE, check=True, cwd=ROOT,
        )  # fmt: skip
        return json.loads(done.stdout)

    def start_worker(self) -> None:
        with self.log.open("ab") as log:
            self.worker = subprocess.Popen(
                [sys.executable, "-m", "bihuan", "worker"],
                env=self.environment(), stdout=log, stderr=log, cwd=ROOT,
            )  # fmt: skip

    def progress(self) -> tuple[int, int, int]:
        """Rows of the import, items of the batch, and how many of the two jobs are not done.

        The database comes and goes with the processes that use it; while it is away, what was there last.
        """
        try:
            if self.kept is None:
                lines = (self.folder / "pg" / "postmaster.pid").read_text().split("\n")
                self.kept = psycopg.connect(
                    host=lines[4].strip(),
                    port=int(lines[3]),
                    user="postgres",
                    dbname="bihuan",
                    autocommit=True,
                )
            found = self.kept.execute(PROGRESS).fetchone()
        except (OSError, IndexError, ValueError, psycopg.OperationalError):
            self.kept = None
            return self.last
        assert found is not None
        self.last = (int(found[0]), int(found[1]), int(found[2]))
        return self.last

    def wait(self, part: int, wanted: int) -> None:
        """Until that much of the import (0) or of the batch (1) is done, or all."""
        deadline = time.monotonic() + STILL
        while True:
            done = self.progress()
            if done[part] >= wanted or not done[2]:
                return
            if time.monotonic() > deadline:
                raise RuntimeError(f"stuck at {done}:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.01)

    def torment(self, rows: int, items: int, kills: int) -> dict[str, Any]:
        """Bring in so many rows, press for so many items, kill so often; then count."""
        self.step("prepare", str(rows), str(items))
        self.last = (0, 0, 2)
        killed_at = []
        for turn in range(1, kills + 1):
            self.start_worker()
            whole, part = (
                (rows, 0) if turn <= (kills + 1) // 2 else (items, 1)
            )  # first the import, then the batch
            self.wait(part, whole * (turn if not part else turn - kills // 2) // (kills + 1))
            assert self.worker is not None
            self.worker.kill()
            self.worker.wait()
            killed_at.append(self.last)
            self.kept = None
            self.step("rescue")
        self.start_worker()
        self.wait(0, rows * 2)
        assert self.worker is not None
        self.worker.terminate()
        self.worker.wait(30)
        return {**self.step("check"), "killed_at": killed_at}


def tortured_items(rows: int, items: int, kills: int) -> dict[str, Any]:
    """A run from nothing, cleaned up afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-torture-"))
    folder.chmod(0o755)  # the database runs as another user where we are root
    run = ItemTorture(folder / "data")
    try:
        return run.torment(rows, items, kills)
    finally:
        if run.kept is not None:
            run.kept.close()
        if run.worker is not None and run.worker.poll() is None:
            with suppress(ProcessLookupError):
                run.worker.kill()
        run.end()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 12
    counts = tortured_items(rows, rows // 10, kills)
    print(json.dumps(counts, ensure_ascii=False, indent=2))
    sys.exit(1 if counts["faults"] else 0)
