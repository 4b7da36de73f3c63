"""How fast items come in out of a workbook, against a plain COPY of the same rows.

    python -m bench.import_items [ROWS]

An embedded database on a data folder of its own. The list is read, judged, numbered, counted and recorded as
a worker does it; the COPY writes the finished rows of the same items into a bare table of the same columns.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.torture_items import ItemTorture


def measured(rows: int) -> dict[str, Any]:
    """Seconds and rows a second of both, in a process with the product."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-import-"))
    folder.chmod(0o755)  # the database runs as another user where we are root
    run = ItemTorture(folder / "data")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bench.import_items", "inside", str(rows)],
            env=run.environment(), stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        return dict(json.loads(done.stdout))
    finally:
        run.end()
        shutil.rmtree(folder, ignore_errors=True)


def inside(rows: int) -> dict[str, Any]:
    import django

    from bench.torture_items_inside import prepare
    from bihuan.config.embedded import ensure_server

    ensure_server()
    django.setup()
    prepare(rows, 1)
    from django.db import connection

    from bihuan.ledgers.models import ItemSheet
    from bihuan.ledgers.sheets.running import take_in

    begun, worked = time.monotonic(), time.process_time()
    sheet = take_in(ItemSheet.objects.get().pk)
    ours, worked = time.monotonic() - begun, time.process_time() - worked
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE plain (LIKE ledgers_item)")
        with cursor.copy("COPY ledgers_item TO STDOUT") as out:
            content = b"".join(bytes(part) for part in out)
        begun = time.monotonic()
        with cursor.copy("COPY plain FROM STDIN") as into:
            into.write(content)
        plain = time.monotonic() - begun
        cursor.execute("SELECT count(*) FROM plain")
        copied = cursor.fetchone()[0]
    return {
        "rows": sheet.rows,
        "created": sheet.created,
        "refused": sheet.refused,
        "seconds": round(ours, 1),
        "rows a second": round(sheet.rows / ours),
        "seconds of a processor in the worker": round(worked, 1),
        "copied": copied,
        "seconds of COPY": round(plain, 2),
        "rows a second of COPY": round(copied / plain),
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        json.dump(inside(int(sys.argv[2])), sys.stdout)
    else:
        for name, value in measured(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000).items():
            print(f"{name}: {value:,}")
