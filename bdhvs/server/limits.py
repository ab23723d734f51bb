"""Token buckets: how often somebody may do something."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

#: Codes tried from one address, right ones too. A school comes in at once; whoever guesses needs 22 days on average.
TRIES_AT_ONCE, TRIES_PER_SECOND = 400, 50


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class RateLimit:
    """Allows `burst` actions at once and then `per_second` more, for each key on its own.

    Parameters
    ----------
    clock : gives seconds that never jump back (``time.monotonic``).
    keep : keys remembered; the ones idle longest are forgotten first (a forgotten key starts full).
    """

    def __init__(self, burst: int, per_second: float, clock: Callable[[], float], keep: int = 100_000) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._keep = keep
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def allow(self, key: str) -> bool:
        """Take one token of `key`; False when there is none."""
        bucket = self._refilled(key)
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True

    def is_empty(self, key: str) -> bool:
        """Whether `key` has no token left, without taking one."""
        return self._refilled(key).tokens < 1

    def _refilled(self, key: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(float(self._burst), now)
            if len(self._buckets) > self._keep:
                self._buckets.popitem(last=False)
            return bucket
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._per_second)
        bucket.at = now
        self._buckets.move_to_end(key)
        return bucket


def code_tries() -> RateLimit:
    """How many class codes one address may try, shared by all classes behind it."""
    return RateLimit(burst=TRIES_AT_ONCE, per_second=TRIES_PER_SECOND, clock=time.monotonic)
