"""Running a class: from a data folder to a served address, and back to a quiet stop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from bdhvs.errors import SetupError, StoreError
from bdhvs.live.notebooks import missing_for_live
from bdhvs.server.addresses import lan_addresses
from bdhvs.server.api import QuizApi
from bdhvs.server.app import class_app
from bdhvs.server.context import ClassContext
from bdhvs.server.house import House, Room
from bdhvs.server.live import MOST_WEBSOCKET_BYTES
from bdhvs.server.opening import ServeOptions, prepare_all
from bdhvs.server.running import noted
from bdhvs.server.short_way import protocol_with
from bdhvs.service.place import in_words
from bdhvs.store import Store

log = logging.getLogger("bdhvs.run")
DEFAULT_PORT = 8000
PORTS_TRIED = 20  # when the default port is taken, the next free one of so many is used
COLLECTOR_THRESHOLDS = (20_000, 20, 20)  # new objects before a search of the youngest; Python's own are 700, 10, 10
OLDEST_GENERATION = 2
BACKLOG = 4096  # phones that may wait to be let in while the loop is busy
KEEP_ALIVE_S = 75  # a learner thinks for a minute; a new connection on a weak phone costs a second


@dataclass(frozen=True, slots=True)
class Entrance:
    """How to come into one class: the learners' code and address, the teacher's link; ``learners`` joined earlier."""

    name: str
    code: str
    join_url: str
    teacher_url: str
    learners: int


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a teacher needs to know when the server is open. ``name`` to ``learners`` are those of the first class."""

    name: str
    code: str
    addresses: tuple[str, ...]
    join_url: str
    teacher_url: str
    learners: int
    data: Path
    live_missing: tuple[str, ...] = ()  # packages for want of which live notebooks are not offered
    classes: tuple[Entrance, ...] = ()
    adaptive_missing: tuple[str, ...] = ()  # adaptive forms that are not offered, for want of numpy and scipy
    place: str = ""  # where the class is; "" when that was never said


def serve(options: ServeOptions, announce: Callable[[Announcement], None]) -> None:
    """Run a class until it is stopped (Ctrl+C or SIGTERM).

    Raises
    ------
    SetupError, StoreError, BankError, LessonError
        before anything is announced.
    """
    _allow_many_connections()
    _end_in_order_when_told_to()
    with (
        contextlib.closing(listen(options.host, options.port)) as listener,
        Store.open(options.data) as store,
        asyncio.Runner(loop_factory=_loop_factory()) as runner,
    ):
        runner.run(_serve(options, store, listener, announce))


async def _serve(
    options: ServeOptions, store: Store, listener: socket.socket, announce: Callable[[Announcement], None]
) -> None:
    _end_at_an_await()
    port = listener.getsockname()[1]
    contexts, media = await prepare_all(options, store, _addresses(options.host, port))
    shelf = contexts[0].shelf  # of all
    shelf.prepare_in_background()
    filling = asyncio.gather(*map(_fill_board, contexts))  # of a large class it takes seconds: nobody waits for it
    ending = asyncio.gather(*map(_finish_ended, contexts))
    keeping_time = asyncio.gather(*map(_keep_time, contexts))
    told = await announcement(options, contexts, port)
    try:
        with noted(told):
            announce(told)
            _calm_collector()
            await http_server(contexts, media).serve(sockets=[listener])
    finally:
        shelf.stop()
        keeping_time.cancel()
        await asyncio.gather(keeping_time, return_exceptions=True)
        await asyncio.gather(filling, ending)


async def _fill_board(context: ClassContext) -> None:
    try:
        await context.board.fill(context.store)
    except StoreError as error:  # the board shows what happens from now on
        log.warning("what was before this start could not be read: %s", error)


async def _finish_ended(context: ClassContext) -> None:
    """Hand in what a crash in the middle of ending the class left open."""
    if context.pace.of(context.room.id).gate == "ended":
        try:
            await context.quiz.finish_class(context.room.id)
        except StoreError as error:  # each is handed in when its learner comes
            log.warning("attempts of the ended class could not be handed in: %s", error)


async def _keep_time(context: ClassContext) -> None:
    try:
        await context.keeper.fill(context.store, context.room.id)
    except StoreError as error:  # whoever comes back is still told; those under way now are known
        log.warning("what was begun before this start could not be read: %s", error)
    await context.keeper.run()


def http_server(contexts: Sequence[ClassContext], media: Path, **more: Any) -> uvicorn.Server:
    """uvicorn with the classes in it; `more` are settings of its own (``host``, ``port``).

    It logs errors only: a line for each malformed request would let anybody fill the disk.
    """
    apis = [QuizApi(context) for context in contexts]
    rooms = [Room(context, class_app(context, media, api), api) for context, api in zip(contexts, apis, strict=True)]
    house = House(rooms) if len(rooms) > 1 else None
    config = uvicorn.Config(
        house or rooms[0].app,
        http=protocol_with(house or rooms[0].api),  # type: ignore[arg-type]  # uvicorn only calls it
        ws="websockets-sansio" if contexts[0].live else "none",
        ws_max_size=MOST_WEBSOCKET_BYTES,
        lifespan="off",
        access_log=False,
        log_level="error",
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=3,
        server_header=False,
        backlog=BACKLOG,
        **more,
    )
    return _ClassServer(config, contexts)


class _ClassServer(uvicorn.Server):
    """uvicorn that first ends the streams, which would else be open for ever, and then waits for the rest."""

    def __init__(self, config: uvicorn.Config, contexts: Sequence[ClassContext]) -> None:
        super().__init__(config)
        self._contexts = contexts
        self._live = contexts[0].live  # of all

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._live:
            self._live.start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for context in self._contexts:
            context.streams.end()
        if self._live:
            await self._live.stop()
        await super().shutdown(sockets)


async def announcement(options: ServeOptions, contexts: Sequence[ClassContext], port: int) -> Announcement:
    """What to tell the teacher."""
    entrances = [await _entrance(context, port) for context in contexts]
    first = entrances[0]
    return Announcement(
        name=first.name,
        code=first.code,
        addresses=contexts[0].addresses,
        join_url=first.join_url,
        teacher_url=first.teacher_url,
        learners=first.learners,
        data=options.data,
        live_missing=missing_for_live() if contexts[0].live is None else (),
        classes=tuple(entrances),
        adaptive_missing=contexts[0].forms_without,
        place=in_words(contexts[0].place.now, contexts[0].place.geography),
    )


async def _entrance(context: ClassContext, port: int) -> Entrance:
    room = context.room
    learners = await asyncio.to_thread(context.store.learners, room.id)
    return Entrance(
        name=room.name,
        code=room.code,
        join_url=f"{context.addresses[0]}/j/{room.code}",
        teacher_url=f"http://127.0.0.1:{port}/gv/{context.tokens.for_teacher(room.id)}",
        learners=len(learners),
    )


def _addresses(host: str, port: int) -> tuple[str, ...]:
    hosts = lan_addresses() if host in ("0.0.0.0", "::") else [host]
    return tuple(f"http://{one}:{port}" for one in hosts or ["127.0.0.1"])


def listen(host: str, port: int | None) -> socket.socket:
    """A listening socket; with no port asked for, the first free one from the default on."""
    wanted = [port] if port is not None else range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED)
    for one in wanted:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if sys.platform != "win32":  # there it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, one))
            listener.listen(BACKLOG)  # before anything is announced: who comes early waits and is not turned away
            return listener
        except PermissionError as exc:
            listener.close()
            raise SetupError(f"port {one} needs administrator rights; use one above 1023", "port_forbidden") from exc
        except OSError as exc:
            listener.close()
            if port is not None:
                raise SetupError(f"port {one} on {host} cannot be used: {exc.strerror}", "port_in_use") from exc
    raise SetupError(f"ports {DEFAULT_PORT} to {DEFAULT_PORT + PORTS_TRIED - 1} are all in use", "port_in_use")


def _end_in_order_when_told_to() -> None:
    """Let SIGTERM end a class as Ctrl+C does.

    uvicorn stops in order and then raises the signal again, which would end the process before the store is closed:
    nothing is lost, but the answers would lie in two files, and who copies only the first has not got them all.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        # A shell that starts a program in the background has it ignore Ctrl+C from birth; told by name, it still ends.
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _end_at_an_await() -> None:
    """Let SIGTERM cancel the main task, as asyncio's runner has Ctrl+C do, until uvicorn has handlers of its own.

    Python's own handler raises wherever the program happens to be. Raised in the collector's callbacks, which swallow
    exceptions, a class told to end right after its start went on for ever.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))


def _calm_collector() -> None:
    """Let Python's search for cyclic garbage look seldom, and at no object twice that it found in use.

    By default it looks at all there is again and again, and a class makes many objects that stay (attempts under way):
    the search took a fifth of the time of an answer, and with 52,000 learners stood still for seconds. What stays is
    freed by its reference count when it goes; answers leave hardly any cycles behind.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTOR_THRESHOLDS)
    gc.callbacks.append(_freeze_what_stays)


def _freeze_what_stays(phase: str, about: dict[str, int]) -> None:
    if phase == "stop" and about["generation"] == OLDEST_GENERATION:
        gc.freeze()


def _allow_many_connections() -> None:
    """Raise the soft limit of open files to the hard one: every phone holds a connection."""
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        with contextlib.suppress(ValueError, OSError):  # refused on some systems: the class is only smaller
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # not made for Windows; asyncio's own loop serves a class as well
        return None
    return uvloop.new_event_loop
