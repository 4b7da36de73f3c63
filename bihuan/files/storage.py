"""Local storage that survives a power cut: what was acknowledged is on the disk, whole, under its name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.crypto import get_random_string

from bihuan.core.clock import now

UNFINISHED = ".unfinished-"


class DurableFileSystemStorage(FileSystemStorage):
    """A folder in which a file appears whole or not at all.

    The content goes to an unfinished name in the same folder, is synced, takes its real name in one step,
    and the folder is synced too. A name is made of its content, so a second writer of the same name writes
    the same bytes and either may win.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: File[Any]) -> str:
        target = Path(self.path(name))
        self._make_folder(target.parent)
        draft = target.parent / f"{UNFINISHED}{get_random_string(16)}"
        mode = 0o600 if self.file_permissions_mode is None else self.file_permissions_mode
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
        return name

    def remove_unfinished(self, *, older_than: float) -> int:
        """Drop the drafts that a killed process left behind, `older_than` seconds ago or more."""
        removed = 0
        limit = now().timestamp() - older_than
        for draft in Path(self.location).glob(f"*/{UNFINISHED}*"):
            if draft.stat().st_mtime <= limit:
                draft.unlink(missing_ok=True)
                removed += 1
        return removed

    def _make_folder(self, folder: Path) -> None:
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        for path in reversed(missing):
            path.mkdir(mode=0o700, exist_ok=True)
            _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make a new name in this folder as lasting as the content behind it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
