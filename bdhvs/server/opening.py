"""From a data folder and the content to running classes: everything that `bdhvs.server.run` then serves."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bdhvs.bank.loader import Bank
from bdhvs.bank.paths import find_content
from bdhvs.bank.places import load_places
from bdhvs.bank.topics import Topic, read_topics
from bdhvs.core.places import Geography
from bdhvs.errors import SetupError
from bdhvs.live.live_class import LiveClass
from bdhvs.live.notebooks import LiveNotebook, missing_for_live, read_live_notebooks
from bdhvs.server.context import ClassContext
from bdhvs.server.lessons import LessonShelf, read_lessons
from bdhvs.server.limits import RateLimit, code_tries, wrong_returns
from bdhvs.service.adaptive_versions import missing_for_adaptive
from bdhvs.service.ambassadors import Ambassadors, HelpCodes
from bdhvs.service.board import Board
from bdhvs.service.class_list import read_class_list
from bdhvs.service.classrooms import ClassroomService
from bdhvs.service.decided import Decided
from bdhvs.service.devices import DeviceMarks
from bdhvs.service.households import Households
from bdhvs.service.movement import Movement
from bdhvs.service.pace import PaceService, ended_long_ago
from bdhvs.service.pins import PicturePins
from bdhvs.service.place import ClassPlace, PlaceTyped
from bdhvs.service.quiz import QuizService
from bdhvs.service.repairs import Repairs
from bdhvs.service.results import LessonLink
from bdhvs.service.scoring import Scoring, VersionInUse
from bdhvs.service.sessions import LiveAttempt
from bdhvs.service.telling import Telling
from bdhvs.service.time_keeper import TimeKeeper
from bdhvs.service.tokens import Tokens
from bdhvs.service.ways_back import WaysBack
from bdhvs.store import EventRow, Store
from bdhvs.store.times import now_us


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How to run a class, or several.

    ``classes``: names of several classes to run at once, each gone on with when one of its name is still open; empty: one
    class, ``name``. ``port`` None: 8000 or the next free one; ``lessons``, ``forms`` None: all that are shipped.
    """

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
    classes: tuple[str, ...] = ()
    synthetic: bool = False  # a class that is only played: calibrations of simulated learners count, and it is said
    live_most: int | None = None  # live pages at once; None: by the free memory
    ambassadors: bool | None = None  # the movement's models; None: as the class had it before
    households: bool | None = None
    place: PlaceTyped = field(default_factory=PlaceTyped)  # what it leaves open stays as it was said before
    communes: Path | None = None  # a table of communes, besides those in assessments/places/
    ask_learners: bool | None = None  # about themselves; None: as before


@dataclass(frozen=True, slots=True)
class Material:
    """What all classes of a server share: items, lessons, live notebooks, and what learners are told to learn next."""

    bank: Bank
    shelf: LessonShelf
    links: tuple[LessonLink, ...]
    listed: tuple[str, ...]
    topics: tuple[Topic, ...]
    without: tuple[str, ...]  # adaptive forms that are not offered, for want of `missing_for_adaptive`
    live: LiveClass | None
    version: VersionInUse
    media: Path
    geography: Geography
    tokens: Tokens
    ways_back: WaysBack
    help_codes: HelpCodes
    code_tries: RateLimit
    wrong_returns: RateLimit


async def prepare(options: ServeOptions, store: Store, addresses: Sequence[str]) -> tuple[ClassContext, Path]:
    """One class, from the data folder and the content; and the folder of the items' pictures.

    Raises
    ------
    SetupError, StoreError, BankError, LessonError
        when it cannot run.
    """
    material = gather(options, store)
    return await open_room(options, store, material, addresses), material.media


async def prepare_all(options: ServeOptions, store: Store, addresses: Sequence[str]) -> tuple[list[ClassContext], Path]:
    """As `prepare`, every class of ``options.classes``."""
    _refuse_classes(options)
    material = gather(options, store)
    names = options.classes or (None,)
    return [await open_room(options, store, material, addresses, name) for name in names], material.media


def gather(options: ServeOptions, store: Store) -> Material:
    """Read the content."""
    content = find_content(options.content)
    bank = Bank.load(options.content)
    learners = content.notebooks / "hoc-vien"
    lessons = [info for info in read_lessons(learners) if options.lessons is None or info.id in options.lessons]
    live = [one for one in read_live_notebooks(learners) if options.lessons is None or one.lesson in options.lessons]
    _refuse_unknown(options, bank, {info.id for info in lessons} | {one.lesson for one in live})
    wanted = options.forms if options.forms is not None else _listed(bank)
    shelf = LessonShelf(tuple(lessons), store.folder / "cache" / "lessons", bank.version)
    without = _without({*wanted, *shelf.forms()}, bank)
    return Material(
        bank=bank,
        shelf=shelf,
        links=tuple(LessonLink(info.title, f"/bai/{info.id}", info.competences, info.lang) for info in lessons),
        listed=tuple(one for one in wanted if one not in without),
        topics=read_topics(learners),
        without=without,
        live=_live_class(live, options),
        version=VersionInUse(bank, synthetic=options.synthetic),
        media=content.media,
        geography=load_places(content, options.communes),
        tokens=Tokens(store.secret),
        ways_back=WaysBack(now_us),
        help_codes=HelpCodes(now_us),
        code_tries=code_tries(),
        wrong_returns=wrong_returns(),
    )


async def open_room(
    options: ServeOptions, store: Store, material: Material, addresses: Sequence[str], name: str | None = None
) -> ClassContext:
    """A class and the services behind it; `name`: which of several, None for the one of the folder."""
    bank, shelf, listed = material.bank, material.shelf, material.listed
    if options.no_names and options.names is not None:
        raise SetupError("--names offers a list of names and --no-names stores none; choose one", "names_and_no_names")
    names = read_class_list(options.names) if options.names is not None else ()
    rooms = ClassroomService(store, now_us=now_us, names=names, under_16=options.under_16, no_names=options.no_names)
    new = options.new or await asyncio.to_thread(ended_long_ago, store, now_us(), name)
    room = await rooms.open_class(name or options.name, new=new, of_this_name=name is not None)
    pace = PaceService(store, now_us=now_us)
    await pace.load(room.id)
    place = ClassPlace(store, room.id, material.geography, bank.framework, now_us=now_us)
    await place.load()
    if options.place.is_anything:
        await place.change(options.place)
    telling = Telling(store, room.id, bank.framework, now_us=now_us, under_16=lambda: rooms.under_16)
    await telling.load()
    if options.ask_learners is not None:
        await telling.ask(on=options.ask_learners)
    decided = await Decided.load(store, room.id, now_us=now_us)
    board = Board(room.id, bank, now_us=now_us, offered=bank.taken_as(listed), pace_of=pace.of, decisions=decided.now)
    pace.on_change = board.look_again
    rooms.on_join = board.joined
    rooms.admits = lambda: pace.of(room.id).gate != "ended"

    def changed(live: LiveAttempt, events: Sequence[EventRow]) -> None:
        board.changed(live, events)
        keeper.changed(live, events)

    scoring = Scoring(store, material.version, now_us=now_us, withheld=lambda item: pace.of(room.id).withholds(item))
    quiz = QuizService(
        bank,
        store,
        now_us=now_us,
        lessons=material.links,
        offers=lambda form: (form in listed or form in shelf.forms()) and form not in material.without,
        on_change=changed,
        pace_of=pace.of,
        decisions=decided.now,
        standing=scoring.standing,
        starting=decided.starting,
    )
    keeper = TimeKeeper(quiz, now_us=now_us)

    movement = Movement(room.id, store, bank.framework, now_us=now_us)
    await movement.load()
    await movement.switch(ambassadors=options.ambassadors, households=options.households)

    def offered() -> tuple[str, ...]:
        return (*bank.taken_as(listed), *sorted(shelf.forms()))

    return ClassContext(
        room=room,
        bank=bank,
        store=store,
        quiz=quiz,
        scoring=scoring,
        repairs=Repairs(room.id, bank, store, quiz, decided, offered=offered, on_change=board.look_again),
        keeper=keeper,
        movement=movement,
        ambassadors=Ambassadors(
            room.id,
            store,
            material.help_codes,
            DeviceMarks(store.secret, room.id),
            bank.framework,
            now_us=now_us,
            is_on=lambda: movement.offered.ambassadors,
        ),
        households=Households(
            room.id,
            bank,
            store,
            now_us=now_us,
            is_on=lambda: movement.offered.households,
            withheld=lambda item: pace.of(room.id).withholds(item),
        ),
        rooms=rooms,
        tokens=material.tokens,
        shelf=shelf,
        board=board,
        pins=PicturePins(store, now_us=now_us, key=store.secret),
        ways_back=material.ways_back,
        pace=pace,
        place=place,
        telling=telling,
        listed_forms=listed,
        topics=material.topics,
        forms_without=material.without,
        addresses=tuple(addresses),
        code_tries=material.code_tries,
        wrong_returns=material.wrong_returns,
        live=material.live,
    )


def _refuse_classes(options: ServeOptions) -> None:
    if options.classes and options.names is not None:
        raise SetupError("--names is one list for several classes; give each its list on its teacher's page", "names_and_classes")
    twice = [name for name in options.classes if options.classes.count(name) > 1]
    if twice:
        raise SetupError(f"found two classes named {twice[0]!r}, expected a name of its own for each", "class_twice")


def _live_class(notebooks: Sequence[LiveNotebook], options: ServeOptions) -> LiveClass | None:
    if not notebooks or missing_for_live():
        return None
    return LiveClass(tuple(notebooks), ready=options.live_ready, most=options.live_most)


def _listed(bank: Bank) -> tuple[str, ...]:
    """Forms for the class's home page: those that say so."""
    return tuple(form.id for form in bank.forms.values() if form.listed)


def _without(wanted: set[str], bank: Bank) -> tuple[str, ...]:
    """Adaptive forms among those wanted that this machine cannot give."""
    adaptive = (one for one in sorted(wanted & bank.forms.keys()) if bank.forms[one].adaptive)
    return tuple(adaptive) if missing_for_adaptive() else ()


def _refuse_unknown(options: ServeOptions, bank: Bank, lessons: set[str]) -> None:
    for wanted in options.lessons or ():
        if wanted not in lessons:
            raise SetupError(
                f"there is no lesson {wanted!r}; there are: {', '.join(sorted(lessons))}", "unknown_lesson"
            )
    for wanted in options.forms or ():
        if wanted not in bank.forms:
            raise SetupError(f"there is no form {wanted!r}; there are: {', '.join(sorted(bank.forms))}", "unknown_form")
