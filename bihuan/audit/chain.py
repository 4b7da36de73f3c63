"""The hash chain of a subject's entries and the seals of days: how they are made and checked."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

GENESIS = bytes(32)


def entry_hash(
    *,
    previous: bytes,
    at: datetime,
    verb: str,
    subject_type: str,
    subject_id: int,
    seq: int,
    area_id: int | None,
    by_id: int | None,
    on_behalf_of_id: int | None,
    data: dict[str, Any],
) -> bytes:
    """SHA-256 over the previous hash and a canonical form of the entry."""
    body = json.dumps(
        [
            at.astimezone(UTC).isoformat(timespec="microseconds"),
            verb,
            subject_type,
            subject_id,
            seq,
            area_id,
            by_id,
            on_behalf_of_id,
            data,
        ],
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )
    return sha256(previous + body.encode()).digest()


def seal_hash(*, previous: bytes, day: str, hashes: list[bytes]) -> bytes:
    """SHA-256 over the seal before, the day, and the day's entry hashes in the order of their ids."""
    return sha256(previous + day.encode() + b"".join(hashes)).digest()
