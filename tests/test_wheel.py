"""The product as it is shipped: a wheel in an empty environment, without a line of the working tree."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_cli import PATIENCE, free_port

ROOT = Path(__file__).resolve().parent.parent
pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="bihuan-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def wheel(folder: Path) -> Path:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder / "dist")]
    done = subprocess.run([*build, str(ROOT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = (folder / "dist").glob("*.whl")
    return built


def test_the_wheel_holds_what_it_needs_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert "bihuan/static/dist/manifest.json" in names
    assert "bihuan/locale/zh_Hans/LC_MESSAGES/django.mo" in names
    assert "bihuan/templates/base.html" in names
    assert "bihuan/audit/templates/audit/reactions.html" in names
    assert not [name for name in names if "/tests/" in name or "node_modules" in name]


def test_the_first_page_comes_from_the_wheel(wheel: Path, folder: Path) -> None:
    environment = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    python = str(environment / "bin" / "python")
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "requirements" / "run.txt")], check=True)
    subprocess.run([*pip, str(wheel)], check=True)

    port = free_port()
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("BIHUAN_", "DATABASE_", "PYTHON"))
    }
    ours = {"BIHUAN_DATA": str(folder / "data"), "BIHUAN_PORT": str(port)}
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [str(environment / "bin" / "bihuan"), "serve"],
            cwd=folder,
            env=kept | ours,
            stdout=log,
            stderr=log,
        )
    try:
        page = _first_page(server, f"http://127.0.0.1:{port}/account/login/", folder / "log")
        (script,) = {part.split('"')[0] for part in page.split('src="')[1:] if "/dist/assets/main" in part}
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{script}", timeout=10) as response:
            assert response.status == 200
            assert len(response.read()) > 10_000
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _first_page(server: subprocess.Popen[bytes], address: str, log: Path) -> str:
    deadline = time.monotonic() + 2 * PATIENCE
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as response:
                return response.read().decode()
        except urllib.error.HTTPError as error:
            pytest.fail(f"{error.code}: {error.read()[:500]!r}\n{log.read_text()}")
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"nothing answers:\n{log.read_text()}")
            time.sleep(0.3)
