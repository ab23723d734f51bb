"""One file out of a posted form (``multipart/form-data``), by the parser for messages that Python brings."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP

from starlette.requests import Request

from bdhvs.server.security import TooLarge, read_body

#: Of a whole request; a class list has some 100 KB, and `bdhvs.server.connections` cuts longer ones.
MAX_UPLOAD_BYTES = 900_000


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a browser sent it. ``name`` is what the browser called it, for messages only; empty when none was chosen."""

    name: str
    data: bytes


async def uploaded(request: Request, field: str) -> Upload:
    """The file in a form's `field`; nameless and empty when there is none.

    Raises
    ------
    TooLarge
        when the form is longer than `MAX_UPLOAD_BYTES`; where its length was stated, before anything is read.
    """
    if int(request.headers.get("content-length") or 0) > MAX_UPLOAD_BYTES:
        raise TooLarge
    body = await read_body(request.receive, MAX_UPLOAD_BYTES)
    return read_upload(request.headers.get("content-type", ""), body, field)


def read_upload(content_type: str, body: bytes, field: str) -> Upload:
    """As `uploaded`, of a body that is here."""
    head = "".join(one for one in content_type if one.isprintable())
    message: Message = BytesParser(policy=HTTP).parsebytes(b"content-type: " + head.encode("ascii", "replace") + b"\r\n\r\n" + body)
    for part in message.walk():
        if part.get_param("name", header="content-disposition") == field and not part.is_multipart():
            data = part.get_payload(decode=True)
            name = part.get_filename() or ""
            return Upload(_readable(name), data if isinstance(data, bytes) else b"")
    return Upload("", b"")


def _readable(name: str) -> str:
    """Browsers write file names as they are, in UTF-8; the parser hands such bytes on as half surrogates."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")[:80]
