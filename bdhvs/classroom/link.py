"""The teacher's link, and asking the class server with it. Only the kernel does: the token never goes to a page's script."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Self
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from bdhvs.errors import SetupError
from bdhvs.i18n import Gettext
from bdhvs.server.context import LANG_COOKIE, TEACHER_COOKIE

TIMEOUT_S = 5  # a class answers in milliseconds; a machine that sleeps does not answer at all
AWAY, NOT_TEACHER = "class_away", "not_teacher"


class _NoRedirect(HTTPRedirectHandler):
    """The token goes to the class and nowhere else, wherever it may point."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener = build_opener(ProxyHandler({}), _NoRedirect())  # no proxy: the class is in this room


@dataclass(frozen=True, slots=True)
class TeacherLink:
    """Where the class server is, and what shows that the teacher asks."""

    base: str
    token: str = field(repr=False)

    @classmethod
    def read(cls, url: str, _: Gettext) -> Self:
        """The link as printed where the class was started: ``http://…/gv/<token>``.

        Raises
        ------
        SetupError
            code ``bad_link``, when `url` is no such link.
        """
        parts = urlsplit(url.strip())
        path = re.fullmatch(r"/gv/([\w.\-]+)/?", parts.path)
        if parts.scheme not in ("http", "https") or not parts.netloc or not path:
            raise SetupError(_("This is not a teacher's link; it looks like http://127.0.0.1:8000/gv/…"), "bad_link")
        return cls(f"{parts.scheme}://{parts.netloc}", path[1])

    @property
    def url(self) -> str:
        """The link itself."""
        return f"{self.base}/gv/{self.token}"

    def json(self, path: str, lang: str, **asked: str) -> Any:
        """What the class server says at `path`, in language `lang`.

        Raises
        ------
        SetupError
            code ``class_away`` when nothing sensible answers, ``not_teacher`` when the class does not know the link.
        """
        query = f"?{urlencode(asked)}" if asked else ""
        cookies = f"{TEACHER_COOKIE}={self.token}; {LANG_COOKIE}={lang}"
        try:
            with _opener.open(Request(f"{self.base}{path}{query}", headers={"cookie": cookies}), timeout=TIMEOUT_S) as reply:
                return json.load(reply)
        except HTTPError as exc:
            exc.close()
            refused = exc.code == HTTPStatus.FORBIDDEN
            raise SetupError(f"{self.base}: answered {exc.code}", NOT_TEACHER if refused else AWAY) from exc
        except (OSError, ValueError) as exc:
            raise SetupError(f"{self.base}: does not answer as a class does ({exc})", AWAY) from exc
