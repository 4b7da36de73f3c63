"""The browser's expressions, bundled as for a page and asked one case at a time by the repository's Node."""

import json
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

from tools import front

HERE = Path(__file__).resolve().parent
ASKED = """
require(process.argv[1]);
const lines = require('readline').createInterface({ input: process.stdin });
lines.on('line', (line) => process.stdout.write(JSON.stringify(outcome(JSON.parse(line))) + '\\n'));
"""


def node() -> str:
    command = front.npm_command()
    return command[0] if len(command) > 1 else shutil.which("node") or "node"


def bundle(folder: Path, source: str = "twin.ts") -> Path:
    """One script that puts `outcome` on the page."""
    script = folder / "expressions.js"
    rolldown = front.FRONTEND / "node_modules" / "rolldown" / "bin" / "cli.mjs"
    command = [node(), str(rolldown), str(HERE / source), "--file", str(script), "--format", "iife"]
    done = subprocess.run(command, cwd=front.FRONTEND, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return script


class Twin:
    """A running Node that answers cases, each with one line."""

    def __init__(self, script: Path):
        self._process = subprocess.Popen(
            [node(), "-e", ASKED, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> "Twin":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()

    def outcome(self, case: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(case) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"no answer to {case}"
        answer: dict[str, Any] = json.loads(line, parse_int=float)  # as JavaScript has numbers
        return answer
