"""Pins every requirement with its hashes: `make lock`. Nothing about where packages come from is written."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "requirements"
OPTIONS = [
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--no-annotate",
    "--quiet",
]


def lock(name: str, source: list[str], constraints: list[str], *, upgrade: bool) -> None:
    """Write requirements/<name>.txt, consistent with the files written before it."""
    command = [sys.executable, "-m", "uv", "pip", "compile", *OPTIONS, *source]
    for other in constraints:
        command += ["--constraint", f"requirements/{other}.txt"]
    if upgrade:
        command.append("--upgrade")
    subprocess.run([*command, "--output-file", f"requirements/{name}.txt"], cwd=ROOT, check=True)
    if "://" in (FOLDER / f"{name}.txt").read_text():
        sys.exit(f"requirements/{name}.txt names an address; it must only name packages.")
    print(f"requirements/{name}.txt")


def main() -> None:
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "uv"], check=True)
    upgrade = "--upgrade" in sys.argv[1:]
    lock("run", ["pyproject.toml"], [], upgrade=upgrade)
    done = ["run"]
    for group in ("build", "node", "test"):
        lock(group, ["--group", f"pyproject.toml:{group}"], done, upgrade=upgrade)
        done.append(group)


if __name__ == "__main__":
    main()
