"""The mark of a phone, in a cookie (`bdhvs.service.devices`)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bdhvs.server.context import DEVICE_COOKIE, ClassContext

KEPT_DAYS = 365  # after that a phone counts as a new one


def mark_of(context: ClassContext, request: Request) -> str | None:
    """The mark of the phone that asks; None when it has none, or one that is not ours."""
    return context.ambassadors.devices.read(request.cookies.get(DEVICE_COOKIE))


def keep_mark(context: ClassContext, request: Request, response: Response, mark: str) -> None:
    """Let the phone have this mark from now on."""
    response.set_cookie(
        DEVICE_COOKIE,
        context.ambassadors.devices.cookie(mark),
        max_age=KEPT_DAYS * 86400,
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
