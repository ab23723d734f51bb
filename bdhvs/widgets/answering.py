"""From a message off the comm to its reply: read as hostile, and no exception reaches the browser."""

from __future__ import annotations

import base64
import mimetypes
import os
import traceback
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
from msgspec import UNSET
from platformdirs import user_data_path

from bdhvs.core.items.base import ShownItem
from bdhvs.core.simulation.face import SimulationFace
from bdhvs.errors import BdhvsError, InvalidMessage
from bdhvs.service.protocol import MAX_MESSAGE_BYTES, Message, Open, Opened, Reply, Saved, read_message
from bdhvs.service.refusals import refusal
from bdhvs.widgets.local import LocalService, local_service

MAX_FAULT_FILE_BYTES = 1_000_000

FindService = Callable[[], Awaitable[LocalService]]


class TooLong(InvalidMessage):
    """The message is longer than any lawful one."""

    code = "too_large"


async def answer(
    raw: Any, form: str, *, data: Path | None, lang: str, service: FindService | None = None
) -> tuple[int, dict[str, Any]]:
    """Status and reply to `raw`, as plain JSON values. Never raises, whatever was sent.

    Parameters
    ----------
    raw : what the browser sent as message.
    form : id of the only form that may be opened here.
    data, lang : as in `bdhvs.quiz`.
    service : gives the service that answers; left out: this kernel's own for `data`.
    """
    status, reply = await _handled(raw, form, service or partial(local_service, data, lang), lang)
    return status, msgspec.to_builtins(reply)


async def _handled(raw: Any, form: str, find: FindService, lang: str) -> tuple[int, Reply]:
    try:
        message = _allowed(_read(raw), form)
        service = await find()
        return 200, with_pictures(await service.handle(message), service.media)
    except BdhvsError as error:
        status, reply = refusal(error.code, lang)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            note_fault()
        return status, reply
    except Exception:  # whatever it is, the learner is told calmly and the owner finds it in the file
        note_fault()
        return refusal("fault", lang)


def _read(raw: Any) -> Message:
    """The message, read as strictly as off HTTP and with the same limit."""
    try:
        packed = msgspec.json.encode(raw)
    except (TypeError, ValueError, RecursionError) as exc:
        raise InvalidMessage("the message is no JSON") from exc
    if len(packed) > MAX_MESSAGE_BYTES:
        raise TooLong("the message is too long")
    return read_message(packed)


def _allowed(message: Message, form: str) -> Message:
    if isinstance(message, Open) and message.form != form:
        raise InvalidMessage("this widget shows another form")
    return message


def with_pictures(reply: Reply, media: Path) -> Reply:
    """`reply` with the pictures themselves in place of their names: a notebook's page has no address for them."""
    if isinstance(reply, Saved) and reply.next is not UNSET:
        shown = msgspec.structs.replace(reply.next, item=_with_picture(reply.next.item, media))
        return msgspec.structs.replace(reply, next=shown)
    if not isinstance(reply, Opened):
        return reply
    return msgspec.structs.replace(reply, items=tuple(_with_picture(item, media) for item in reply.items))


def _with_picture(item: ShownItem, media: Path) -> ShownItem:
    if isinstance(item.body, SimulationFace):
        item = replace(item, body=item.body.with_pictures(lambda file: _as_address(media / file)))
    if item.picture is None:
        return item
    return replace(item, picture=replace(item.picture, file=_as_address(media / item.picture.file)))


def _as_address(picture: Path) -> str:
    """The picture itself as a ``data:`` address."""
    kind = mimetypes.guess_type(picture.name)[0] or "image/svg+xml"
    return f"data:{kind};base64,{base64.b64encode(picture.read_bytes()).decode()}"


def note_fault() -> None:
    """Keep the exception at hand where the machine's owner can read it.

    Not on stderr: a kernel sends that to the browser, source lines and all.
    """
    with suppress(OSError):  # no place to write: the learner is answered all the same
        file = user_data_path("bdhvs", appauthor=False) / "faults.log"
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and file.stat().st_size > MAX_FAULT_FILE_BYTES:
            return
        with file.open("a", encoding="utf-8") as log:
            log.write(f"process {os.getpid()}\n{traceback.format_exc()}\n")
