"""Handling times in buckets: enough to say the median and the 90th percentile of any sum of them.

Bucket n holds the times from 1.1ⁿ to 1.1ⁿ⁺¹ minutes (the first one everything below). Whatever is read from
them lies in the right bucket, so it is off by less than a tenth; within a bucket it is interpolated.
"""

from collections.abc import Mapping
from math import floor, log

RATIO = 1.1
MINUTE = 60
LAST = 160  # some eight years


def bucket_of(seconds: int) -> int:
    if seconds < MINUTE:
        return 0
    return min(LAST, floor(log(seconds / MINUTE) / log(RATIO) + 1e-9))


def quantile(counts: Mapping[int, int], share: float) -> float | None:
    """The time in seconds that this share of the times does not exceed; None of nothing."""
    total = sum(counts.values())
    if not total:
        return None
    wanted, below = share * total, 0
    for bucket in sorted(counts):
        count = counts[bucket]
        if count and below + count >= wanted:
            lower = MINUTE * RATIO**bucket if bucket else 0
            upper = MINUTE * RATIO ** (bucket + 1)
            return lower + (upper - lower) * (wanted - below) / count
        below += count
    return MINUTE * RATIO ** (LAST + 1)
