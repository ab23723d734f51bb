"""What every response carries and every request must pass, as one plain ASGI layer.

Plain ASGI and not Starlette's ``BaseHTTPMiddleware``: that one costs a task and a stream per request, which on the
answer path is more than saving the answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl, urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: No inline script or style, nothing from elsewhere, no frame around us. ``data:`` pictures are notebook outputs.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "media-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS: list[tuple[bytes, bytes]] = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    # Not "no-referrer": under it browsers send `Origin: null` with our own forms. The teacher's link, which holds a
    # token, answers with a redirect and so is never a referrer.
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
MAX_BODY_BYTES = 16_384
#: Where files are sent: the page there knows its own limit, and says so in words (`bdhvs.server.uploads`).
UPLOADS = frozenset({"/gv/danh-sach"})
UNSAFE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})

Reject = Callable[[Scope, Receive, Send, str], Awaitable[None]]


class TooLarge(Exception):
    """The body of a request is longer than allowed."""


class Guard:
    """Adds the headers, refuses foreign origins and oversized bodies before anything reads them."""

    def __init__(self, app: ASGIApp, reject: Reject) -> None:
        self.app = app
        self.reject = reject

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                message["headers"].extend(pair for pair in SECURITY_HEADERS if pair[0] not in present)
                if b"cache-control" not in present:
                    message["headers"].append((b"cache-control", b"no-store"))
            await send(message)

        if scope["method"] in UNSAFE_METHODS:
            headers = dict(scope["headers"])
            if not is_same_origin(headers):
                await self.reject(scope, receive, send_guarded, "not_allowed")
                return
            problem = length_problem(headers.get(b"content-length", b"0"))
            if problem == "too_large" and scope["path"] in UPLOADS:
                problem = None
            if problem:
                await self.reject(scope, receive, send_guarded, problem)
                return
        await self.app(scope, receive, send_guarded)


def is_same_origin(headers: dict[bytes, bytes]) -> bool:
    """Whether a request that changes something comes from our own pages (or from no browser at all)."""
    origin, host = headers.get(b"origin"), headers.get(b"host", b"")
    if origin is not None:
        if origin == b"http://" + host:  # nearly always; the rest takes three times as long
            return True
        try:
            return urlsplit(origin.decode("latin-1")).netloc == host.decode("latin-1")
        except ValueError:  # no address at all, "http://[" for one
            return False
    return headers.get(b"sec-fetch-site", b"none") in (b"same-origin", b"none")


def length_problem(length: bytes) -> str | None:
    """Code of a refusal when the stated length of a body is no number or too large; None when it will do."""
    if not length.isdigit():
        return "invalid_message"
    return "too_large" if len(length) > 9 or int(length) > MAX_BODY_BYTES else None


async def read_body(receive: Receive, limit: int = MAX_BODY_BYTES) -> bytes:
    """The body of a request, at most `limit` bytes: a chunked body has no honest length beforehand.

    Raises
    ------
    TooLarge
        as soon as more has arrived.
    """
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        if len(body) > limit:
            break
        message = await receive()
        body += message.get("body", b"")
    if len(body) > limit:
        raise TooLarge
    return body


async def form_fields(receive: Receive) -> dict[str, str]:
    """Fields of a posted form. urllib's parser: nothing here takes files.

    Raises
    ------
    TooLarge
        when it is longer, or has more fields, than any form of ours.
    """
    body = await read_body(receive)
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20))
    except ValueError as exc:
        raise TooLarge from exc


def cookies(headers: dict[bytes, bytes]) -> dict[str, str]:
    """Cookies of a request by name, values as they were sent. Of two with one name the first counts."""
    found: dict[str, str] = {}
    for part in headers.get(b"cookie", b"").decode("latin-1").split(";"):
        name, _, value = part.strip().partition("=")
        found.setdefault(name, value)
    return found
