"""`bihuan backup` and `bihuan restore` as an operator meets them: into another installation, whole."""

import hashlib
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_cli import Site, free_port

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]

STORY = """
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from io import BytesIO
from bihuan.cases.actions import report_case
from bihuan.files.actions import accept_upload
for number in range(3):
    picture = BytesIO()
    Image.effect_noise((320, 240), 60 + number).convert("RGB").save(picture, "JPEG")
    photo = accept_upload(SimpleUploadedFile("a.jpg", picture.getvalue(), "image/jpeg"))
    report_case(by=None, words=f"井盖坏了 {number}", phone="13800000000", may_call=True, photos=[photo])
"""
COUNT = """
from bihuan.audit.models import Entry
from bihuan.cases.models import Report
from bihuan.files.models import StoredFile
from django.core.files.storage import default_storage
phones = [str(report.phone) for report in Report.objects.order_by("id")]
files = sum(len(default_storage.open(name).read()) for row in StoredFile.objects.all()
            for name in (row.storage_name, row.thumbnail_name))
print("told", phones, Entry.objects.count(), StoredFile.objects.count(), files)
"""


def shell(site: Site, code: str) -> str:
    done = site.run("manage", "shell", "--verbosity=0", "-c", code)
    assert done.returncode == 0, done.stderr
    return next((line for line in done.stdout.splitlines() if line.startswith("told")), "")


@pytest.fixture(scope="module")
def sites() -> Iterator[tuple[Site, Site, Path]]:
    """A district with three reports, an empty installation beside it, and room for the backups."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-"))
    folder.chmod(0o755)
    lived, empty = Site(folder / "lived"), Site(folder / "empty")
    try:
        assert lived.run("manage", "migrate", "--verbosity=0").returncode == 0
        assert lived.run("manage", "create_district", "411602", "川汇区").returncode == 0
        shell(lived, STORY)
        yield lived, empty, folder
    finally:
        for site in (lived, empty):
            site.kill_everything()
        shutil.rmtree(folder)


def test_a_backup_made_while_it_runs_comes_back_whole(sites: tuple[Site, Site, Path]) -> None:
    lived, empty, folder = sites
    lived.port = free_port()
    lived.start()
    told = shell(lived, COUNT)
    assert "13800000000" in told

    done = lived.run("backup", str(folder / "one.tar"))
    assert done.returncode == 0, done.stderr
    assert "6 files" in done.stdout
    again = lived.run("backup", str(folder / "one.tar"))
    assert (again.returncode, "exists already" in again.stderr) == (1, True)

    refused = empty.run("restore", str(folder / "one.tar"))
    assert (refused.returncode, "secret key" in refused.stderr) == (1, True), refused.stderr
    shutil.copy(lived.folder / "secret.key", empty.folder / "secret.key")
    restored = empty.run("restore", str(folder / "one.tar"))
    assert restored.returncode == 0, restored.stderr

    assert shell(empty, COUNT) == told
    assert empty.run("manage", "migrate", "--check").returncode == 0
    verified = empty.run("audit", "verify")
    assert (verified.returncode, "0 faults" in verified.stdout) == (0, True)
    twice = empty.run("restore", str(folder / "one.tar"))
    assert (twice.returncode, "not empty" in twice.stderr) == (1, True)
    assert not list(folder.glob("**/bihuan-restore-*")) and not list(folder.glob("*.unfinished"))


def test_a_damaged_backup_changes_nothing(sites: tuple[Site, Site, Path]) -> None:
    lived, empty, folder = sites
    whole = folder / "two.tar"
    assert lived.run("backup", str(whole)).returncode == 0
    shutil.copy(lived.folder / "secret.key", empty.folder / "secret.key")
    content = whole.read_bytes()
    with tarfile.open(whole) as archive:
        place = next(member.offset_data for member in archive if member.name.startswith("files/"))
    flipped = bytearray(content)
    flipped[place + 100] ^= 0xFF
    for name, wrong, said in [
        ("flipped", bytes(flipped), "damaged"),
        ("cut", content[: len(content) // 2], "whole backup|cut off"),
        ("other", hashlib.sha256(content).digest() * 100, "no whole backup"),
    ]:
        file = folder / f"{name}.tar"
        file.write_bytes(wrong)
        done = empty.run("restore", str(file), BIHUAN_DB_NAME=name)
        assert done.returncode == 1
        assert any(part in done.stderr for part in said.split("|")), done.stderr
        assert "Nothing was changed" in done.stderr
        assert "Traceback" not in done.stderr
