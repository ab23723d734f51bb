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

from bdhvs.bank.loader import Bank
from bdhvs.bank.paths import find_content
from bdhvs.errors import SetupError, StoreError
from bdhvs.live.live_class import LiveClass
from bdhvs.live.notebooks import LiveNotebook, missing_for_live, read_live_notebooks
from bdhvs.server.addresses import lan_addresses
from bdhvs.server.api import QuizApi
from bdhvs.server.app import class_app
from bdhvs.server.context import ClassContext
from bdhvs.server.lessons import LessonShelf, read_lessons
from bdhvs.server.live import MOST_WEBSOCKET_BYTES
from bdhvs.server.running import noted
from bdhvs.server.short_way import protocol_with
from bdhvs.service.board import Board
from bdhvs.service.class_list import read_class_list
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.decided import Decided
from bdhvs.service.pace import PaceService, ended_long_ago
from bdhvs.service.pins import PicturePins
from bdhvs.service.quiz import QuizService
from bdhvs.service.repairs import Repairs
from bdhvs.service.results import LessonLink
from bdhvs.service.sessions import LiveAttempt
from bdhvs.service.time_keeper import TimeKeeper
from bdhvs.service.tokens import Tokens
from bdhvs.service.ways_back import WaysBack
from bdhvs.store import EventRow, Store
from bdhvs.store.times import now_us

log = logging.getLogger("bdhvs.run")
DEFAULT_PORT = 8000
PORTS_TRIED = 20  # when the default port is taken, the next free one of so many is used
COLLECTOR_THRESHOLDS = (20_000, 20, 20)  # new objects before a search of the youngest; Python's own are 700, 10, 10
OLDEST_GENERATION = 2
BACKLOG = 4096  # phones that may wait to be let in while the loop is busy
KEEP_ALIVE_S = 75  # a learner thinks for a minute; a new connection on a weak phone costs a second


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How to run a class. ``port`` None: 8000 or the next free one; ``lessons``, ``forms`` None: all that are shipped."""

    data: Path
    name: str
    host: str = "0.0.0.0"
    port: int | None = None
    new: bool = False
    content: Path | None = None
    lessons: tuple[str, ...] | None = None
    forms: tuple[str, ...] | None = None
    names: Path | None = None
    under_16: bool = False
    no_names: bool = False
    live_ready: int = 0  # live pages of each live notebook to have ready from the start
    live_most: int | None = None  # live pages at once; None: by the free memory


@dataclass(frozen=True, slots=True)
class Announcement:
    """What the teacher needs to know when the class is open."""

    name: str
    code: str
    addresses: tuple[str, ...]
    join_url: str
    teacher_url: str
    learners: int
    data: Path
    live_missing: tuple[str, ...] = ()  # packages for want of which live notebooks are not offered


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
    port = listener.getsockname()[1]
    context, media = await prepare(options, store, _addresses(options.host, port))
    context.shelf.prepare_in_background()
    filling = asyncio.create_task(_fill_board(context))  # of a large class it takes seconds: nobody waits for it
    ending = asyncio.create_task(_finish_ended(context))
    keeping_time = asyncio.create_task(_keep_time(context))
    told = await announcement(options, context, port)
    try:
        with noted(told):
            announce(told)
            _calm_collector()
            await http_server(context, media).serve(sockets=[listener])
    finally:
        context.shelf.stop()
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


def http_server(context: ClassContext, media: Path, **more: Any) -> uvicorn.Server:
    """uvicorn with the class in it; `more` are settings of its own (``host``, ``port``).

    It logs errors only: a line for each malformed request would let anybody fill the disk.
    """
    api = QuizApi(context)
    config = uvicorn.Config(
        class_app(context, media, api),
        http=protocol_with(api),  # type: ignore[arg-type]  # uvicorn only calls it
        ws="websockets-sansio" if context.live else "none",
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
    return _ClassServer(config, context)


class _ClassServer(uvicorn.Server):
    """uvicorn that first ends the streams, which would else be open for ever, and then waits for the rest."""

    def __init__(self, config: uvicorn.Config, context: ClassContext) -> None:
        super().__init__(config)
        self._context = context

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._context.live:
            self._context.live.start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._context.streams.end()
        if self._context.live:
            await self._context.live.stop()
        await super().shutdown(sockets)


async def prepare(options: ServeOptions, store: Store, addresses: Sequence[str]) -> tuple[ClassContext, Path]:
    """Everything a class needs, from the data folder and the content."""
    content = find_content(options.content)
    bank = Bank.load(options.content)
    lessons = [
        info
        for info in read_lessons(content.notebooks / "hoc-vien")
        if options.lessons is None or info.id in options.lessons
    ]
    live = [
        one
        for one in read_live_notebooks(content.notebooks / "hoc-vien")
        if options.lessons is None or one.id in options.lessons
    ]
    _refuse_unknown(options, bank, {info.id for info in lessons} | {one.id for one in live})
    links = [LessonLink(info.title, f"/bai/{info.id}", info.competences, info.lang) for info in lessons]
    shelf = LessonShelf(tuple(lessons), store.folder / "cache" / "lessons", bank.version)
    if options.no_names and options.names is not None:
        raise SetupError("--names offers a list of names and --no-names stores none; choose one", "names_and_no_names")
    names = read_class_list(options.names) if options.names is not None else ()
    rooms = ClassroomService(
        store, now_us=now_us, names=names, under_16=options.under_16, no_names=options.no_names
    )
    listed = options.forms if options.forms is not None else _listed(bank)
    new = options.new or await asyncio.to_thread(ended_long_ago, store, now_us())
    room = await rooms.open_class(options.name, new=new)
    pace = PaceService(store, now_us=now_us)
    await pace.load(room.id)
    decided = await Decided.load(store, room.id, now_us=now_us)
    board = Board(room.id, bank, now_us=now_us, offered=listed, pace_of=pace.of, decisions=decided.now)
    pace.on_change = board.look_again
    rooms.on_join = board.joined
    rooms.admits = lambda: pace.of(room.id).gate != "ended"

    def changed(live: LiveAttempt, events: Sequence[EventRow]) -> None:
        board.changed(live, events)
        keeper.changed(live, events)

    quiz = QuizService(
        bank,
        store,
        now_us=now_us,
        lessons=links,
        offers=lambda form: form in listed or form in shelf.forms(),
        on_change=changed,
        pace_of=pace.of,
        decisions=decided.now,
        starting=decided.starting,
    )
    keeper = TimeKeeper(quiz, now_us=now_us)
    context = ClassContext(
        room=room,
        bank=bank,
        store=store,
        quiz=quiz,
        repairs=Repairs(room.id, bank, store, quiz, decided, offered=lambda: (*listed, *sorted(shelf.forms())), on_change=board.look_again),
        keeper=keeper,
        rooms=rooms,
        tokens=Tokens(store.secret),
        shelf=shelf,
        board=board,
        pins=PicturePins(store, now_us=now_us, key=store.secret),
        ways_back=WaysBack(now_us),
        pace=pace,
        listed_forms=listed,
        addresses=tuple(addresses),
        live=_live_class(live, options),
    )
    return context, content.media


async def announcement(options: ServeOptions, context: ClassContext, port: int) -> Announcement:
    """What to tell the teacher."""
    room = context.room
    learners = await asyncio.to_thread(context.store.learners, room.id)
    base = context.addresses[0]
    return Announcement(
        name=room.name,
        code=room.code,
        addresses=context.addresses,
        join_url=f"{base}/j/{room.code}",
        teacher_url=f"http://127.0.0.1:{port}/gv/{context.tokens.for_teacher(room.id)}",
        learners=len(learners),
        data=options.data,
        live_missing=missing_for_live() if context.live is None else (),
    )


def _live_class(notebooks: Sequence[LiveNotebook], options: ServeOptions) -> LiveClass | None:
    if not notebooks or missing_for_live():
        return None
    return LiveClass(tuple(notebooks), ready=options.live_ready, most=options.live_most)


def _listed(bank: Bank) -> tuple[str, ...]:
    """Forms for the class's home page: those that say so."""
    return tuple(form.id for form in bank.forms.values() if form.listed)


def _refuse_unknown(options: ServeOptions, bank: Bank, lessons: set[str]) -> None:
    for wanted in options.lessons or ():
        if wanted not in lessons:
            raise SetupError(
                f"there is no lesson {wanted!r}; there are: {', '.join(sorted(lessons))}", "unknown_lesson"
            )
    for wanted in options.forms or ():
        if wanted not in bank.forms:
            raise SetupError(f"there is no form {wanted!r}; there are: {', '.join(sorted(bank.forms))}", "unknown_form")


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
