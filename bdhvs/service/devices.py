"""Marks of phones: random words in a cookie, by which the same browser is known again. Nothing of the phone itself is in one.

What is stored is a digest under a key of the class and the helper, so a mark seen for one helper, or in one class, cannot be
matched with that of another. A cleared browser, a private window, another browser or a second phone is another mark: this
keeps honest people from counting twice by mistake, and makes cheating a deed; it does not make it impossible.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

from itsdangerous import BadSignature, URLSafeSerializer

MARK_BYTES = 16
MAX_COOKIE_CHARS = 120  # ours have 68


class DeviceMarks:
    """Makes, reads and scrambles the marks of one class.

    Parameters
    ----------
    secret : the folder's key; a new one makes all phones new.
    """

    def __init__(self, secret: bytes, classroom_id: str) -> None:
        self._cookies = URLSafeSerializer(secret, salt="bdhvs.device", signer_kwargs={"digest_method": sha256})
        self._salt = hmac.new(secret, f"devices:{classroom_id}".encode(), sha256).digest()

    def new(self) -> str:
        """A mark for a phone that has none."""
        return secrets.token_urlsafe(MARK_BYTES)

    def cookie(self, mark: str) -> str:
        """A mark as the value of a cookie, signed: only those we gave count."""
        return str(self._cookies.dumps(mark))

    def read(self, cookie: str | None) -> str | None:
        """The mark in a cookie; None when there is none, or it is not ours."""
        if not cookie or len(cookie) > MAX_COOKIE_CHARS or not cookie.isascii():
            return None
        try:
            mark = self._cookies.loads(cookie)
        except BadSignature:
            return None
        return mark if isinstance(mark, str) else None

    def digest(self, mark: str, helper: str) -> str:
        """What is stored of a mark for one helper (a pseudonym): 64 hexadecimal digits."""
        return hmac.new(self._salt, f"{helper}:{mark}".encode(), sha256).hexdigest()
