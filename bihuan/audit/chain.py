"""The hash chain of a subject's entries and the seals of days: how they are made and checked."""

import json
from datetime import UTC, datetime
from decimal import Decimal
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
            _canonical(data),
        ],
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )
    return sha256(previous + body.encode()).digest()


def _canonical(value: Any) -> Any:
    """The same from Python and back from the database, which writes 1e20 as a whole number."""
    if isinstance(value, dict):
        return {str(key): _canonical(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(part) for part in value]
    if isinstance(value, float) and value.is_integer():
        return int(Decimal(repr(value)))  # the digits as written, not those of the binary number
    return value


def seal_hash(*, previous: bytes, day: str, hashes: list[bytes]) -> bytes:
    """SHA-256 over the seal before, the day, and the day's entry hashes in the order of their ids."""
    return sha256(previous + day.encode() + b"".join(hashes)).digest()
