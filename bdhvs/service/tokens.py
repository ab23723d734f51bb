"""Signed tokens: who a learner is, who the teacher is. The key lies in the data folder, so they outlive a restart."""

from __future__ import annotations

import hmac
from functools import lru_cache
from hashlib import sha256

from itsdangerous import BadSignature, URLSafeSerializer

MAX_TOKEN_CHARS = 200  # ours have 84


class Tokens:
    """Makes and reads the tokens of one data folder.

    A learner's token names a pseudonym and opens that learner's attempts only. The teacher's token is one
    long word per class, derived from the key, so it need not be stored.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._learners = URLSafeSerializer(secret, salt="bdhvs.learner", signer_kwargs={"digest_method": sha256})
        # Checking a signature costs more than the rest of saving an answer; the same cookie comes again and again.
        # A cache remembers what was returned and not what was raised: forged tokens take up no room.
        self._remembered = lru_cache(maxsize=200_000)(self._read)

    def for_learner(self, learner_id: str) -> str:
        """The token for a learner's cookie."""
        return str(self._learners.dumps(learner_id))

    def learner_of(self, token: str) -> str | None:
        """The learner's id in a token; None when it is forged, broken or from another data folder."""
        if len(token) > MAX_TOKEN_CHARS or not token.isascii():
            return None
        try:
            return self._remembered(token)
        except BadSignature:
            return None

    @property
    def remembered(self) -> int:
        """Tokens kept in memory."""
        return self._remembered.cache_info().currsize

    def forget_all(self) -> None:
        """Keep no token in memory; each is read anew when it comes."""
        self._remembered.cache_clear()

    def _read(self, token: str) -> str | None:
        learner_id = self._learners.loads(token)
        return learner_id if isinstance(learner_id, str) else None

    def for_teacher(self, classroom_id: str) -> str:
        """The teacher's token of a class: 32 characters."""
        return hmac.new(self._secret, f"teacher:{classroom_id}".encode(), sha256).hexdigest()[:32]

    def is_teacher(self, classroom_id: str, token: str) -> bool:
        """Whether `token` is the teacher's of this class; takes the same time for every wrong one."""
        return hmac.compare_digest(self.for_teacher(classroom_id).encode(), token.encode("utf-8", "replace"))
