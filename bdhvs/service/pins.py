"""Picture PINs: coming back on any phone by three pictures out of twelve.

1,728 choices are few. So what is stored is a slow hash, salted and under the folder's key (without the folder's key the
database alone tells nothing), and wrong tries are counted for each learner, on disk: after the third a pause begins that
doubles, after the tenth in a row only the teacher can help. Ten tries find a PIN once in 170 times. A try is counted
before it is judged, so pulling the plug gives nobody a free one. `bdhvs.server.returning` limits addresses besides.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bdhvs.core.names import told_apart
from bdhvs.core.pictures import read_pictures
from bdhvs.errors import NotAllowed, NotFound
from bdhvs.i18n import Gettext
from bdhvs.service.consents import COME_BACK, COME_BACK_VERSION
from bdhvs.store import Consent, PinRow, Store

FREE_MISSES = 3  # somebody who forgot tries two or three
FIRST_PAUSE_US = 30_000_000  # doubles with every further miss
MOST_PAUSE_US = 900_000_000
MOST_MISSES = 10  # in a row; then the pictures open nothing until the teacher helps
SCRYPT = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}  # 16 MB and some 50 ms a try
TRIES_AT_ONCE = 2  # hashing that many leaves a small laptop's other cores and memory to the class
SALT_BYTES = 16
MARK_CHARS = 20


@dataclass(frozen=True, slots=True)
class Returner:
    """Somebody who may come back: ``mark`` stands for the pseudonym where everybody with the class code can see it."""

    mark: str
    name: str
    learner_id: str


class PicturePins:
    """The picture PINs of one data folder.

    Parameters
    ----------
    now_us : gives the time in microseconds since the epoch (UTC).
    key : the folder's key; who has the database without it cannot try PINs.
    """

    def __init__(self, store: Store, *, now_us: Callable[[], int], key: bytes) -> None:
        self._store = store
        self._now_us = now_us
        self._key = key
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._hashing = asyncio.Semaphore(TRIES_AT_ONCE)

    async def choose(self, learner_id: str, sent: Sequence[str]) -> None:
        """Keep these three pictures for a learner, in the place of former ones, and that they agreed to it.

        Raises
        ------
        NotAllowed
            with code ``pictures_missing`` when they are not three of the twelve.
        """
        pictures = read_pictures(sent)
        salt = secrets.token_bytes(SALT_BYTES)
        digest = await self._digest(learner_id, pictures, salt)
        row = PinRow(learner_id, salt.hex(), digest.hex(), self._now_us())
        await self._store.keep_pin(row, Consent(COME_BACK, COME_BACK_VERSION))

    async def is_chosen(self, learner_id: str) -> bool:
        """Whether a learner has a picture PIN."""
        return await asyncio.to_thread(self._store.pin, learner_id) is not None

    async def returners(self, classroom_id: str) -> list[Returner]:
        """Who of a class has a picture PIN, under the names the class shows, in their order."""
        people = await asyncio.to_thread(self._store.learners, classroom_id)
        owners = await asyncio.to_thread(self._store.pin_owners, classroom_id)
        named = [one for one in people if one.nickname is not None]
        names = told_apart(one.nickname or "" for one in named)
        found = [
            Returner(self._mark(one.id), name, one.id) for one, name in zip(named, names, strict=True) if one.id in owners
        ]
        return sorted(found, key=lambda one: one.name.casefold())

    async def returner(self, classroom_id: str, mark: str) -> Returner:
        """The one of `returners` with this mark.

        Raises
        ------
        NotFound
            when there is none, or not any more.
        """
        for one in await self.returners(classroom_id):
            if hmac.compare_digest(one.mark.encode(), mark.encode("utf-8", "replace")):
                return one
        raise NotFound("nobody comes back under this mark")

    async def check(self, learner_id: str, sent: Sequence[str]) -> None:
        """Return when these are a learner's three pictures in their order.

        Raises
        ------
        NotAllowed
            with code ``pictures_missing``, ``pictures_wrong``, ``pictures_wait`` (a pause is running; these were not even
            looked at) or ``pictures_asleep`` (too many wrong ones: only the teacher can help).
        """
        pictures = read_pictures(sent)
        async with self._turns[learner_id]:  # many tries at once are as many tries one after the other
            row = await asyncio.to_thread(self._store.pin, learner_id)
            if row is None:
                raise NotAllowed("there is no picture PIN", "pictures_wrong")
            if row.misses >= MOST_MISSES:
                raise NotAllowed("too many wrong tries in a row", "pictures_asleep")
            if self._is_pausing(row):
                raise NotAllowed("a pause is running", "pictures_wait")
            await self._store.note_misses(learner_id, row.misses + 1, self._now_us())
            digest = await self._digest(learner_id, pictures, bytes.fromhex(row.salt))
            if not hmac.compare_digest(digest.hex(), row.digest):
                asleep = row.misses + 1 >= MOST_MISSES
                raise NotAllowed("other pictures", "pictures_asleep" if asleep else "pictures_wrong")
            await self._store.note_misses(learner_id, 0, 0)

    async def wake(self, learner_id: str) -> None:
        """Forget wrong tries: the teacher has looked who it is."""
        await self._store.note_misses(learner_id, 0, 0)

    async def forget_learner(self, learner_id: str) -> None:
        """Keep nothing of a learner in memory, once the store has forgotten them."""
        self._turns.pop(learner_id, None)

    def _is_pausing(self, row: PinRow) -> bool:
        # A clock set back after a miss must not hold somebody for ever.
        return 0 <= self._now_us() - row.missed_at_us < pause_us(row.misses)

    def _mark(self, learner_id: str) -> str:
        return hmac.new(self._key, f"returner:{learner_id}".encode(), hashlib.sha256).hexdigest()[:MARK_CHARS]

    async def _digest(self, learner_id: str, pictures: Sequence[str], salt: bytes) -> bytes:
        said = " ".join((learner_id, *pictures)).encode()
        under_key = hmac.new(self._key, b"picture pin:" + said, hashlib.sha256).digest()
        async with self._hashing:
            return await asyncio.to_thread(hashlib.scrypt, under_key, salt=salt, maxmem=2**26, **SCRYPT)


def pause_us(misses: int) -> int:
    """How long nobody may try after so many misses in a row, in microseconds: 0 for the first ones, then growing."""
    return 0 if misses < FREE_MISSES else min(MOST_PAUSE_US, FIRST_PAUSE_US * 2 ** (misses - FREE_MISSES))


def picture_names(_: Gettext) -> dict[str, str]:
    """What each picture is called, to be read and to be read aloud, in the order in which they are shown."""
    return {
        "trau": _("buffalo"),
        "lua": _("rice"),
        "non-la": _("conical hat"),
        "thuyen": _("boat"),
        "chim": _("bird"),
        "ca": _("fish"),
        "sen": _("lotus"),
        "mat-troi": _("sun"),
        "nha": _("house"),
        "dua": _("coconut palm"),
        "xe-dap": _("bicycle"),
        "am-tra": _("teapot"),
    }
