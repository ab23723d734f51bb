"""``bdhvs rehearse``: practise with a full class, before people come."""

from __future__ import annotations

import json
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bdhvs.commands.sentences import explain
from bdhvs.errors import BdhvsError, SetupError
from bdhvs.i18n import Gettext, translator
from bdhvs.store.folder import DATABASE

if TYPE_CHECKING:
    from bdhvs.rehearsal.child import ServedClass
    from bdhvs.rehearsal.person import Happening
    from bdhvs.rehearsal.play import Tally

MARK = "rehearsal.txt"  # stands in a folder that holds rehearsals only
MOST_STUDENTS = 200  # so many may come in at once from one address
LOOK_S = 0.5
SUMMARY_S = 30.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """The rehearsal as it is wanted. ``until_s``: it ends by itself after so long; None: never."""

    students: int
    speed: float
    browsers: int
    until_s: float | None


@click.command()
@click.argument("data", type=click.Path(path_type=Path), default=None, required=False)
@click.option(
    "--students", type=click.IntRange(1, MOST_STUDENTS), default=40, show_default=True, help="Simulated learners."
)
@click.option(
    "--speed", type=click.FloatRange(0.1, 1000), default=1.0, show_default=True, help="How many times as fast as people."
)
@click.option("--browsers", type=click.IntRange(0, 10), default=0, help="Real browsers besides (needs playwright).")
@click.option(
    "--host", default="0.0.0.0", show_default=True, help="Address to listen on; 127.0.0.1 for this machine only."
)
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="Port; default 8000 or the next free one.")
@click.option("--form", "forms", multiple=True, help="Only these forms (may be repeated).")
@click.option(
    "--content", type=click.Path(path_type=Path), default=None, help="Folder that holds assessments/ and notebooks/."
)
@click.option("--minutes", type=click.FloatRange(0.01), default=None, help="End by itself after so long.")
@click.option(
    "--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language of what is printed."
)
@click.option("--json", "as_json", is_flag=True, help="Lines of JSON: the announcement, then what happens.")
def rehearse(
    data: Path | None,
    students: int,
    speed: float,
    browsers: int,
    host: str,
    port: int | None,
    forms: tuple[str, ...],
    content: Path | None,
    minutes: float | None,
    lang: str,
    as_json: bool,
) -> None:
    """Play a class with simulated learners, to practise with a full board. Ends with Ctrl+C.

    DATA is a folder to keep the rehearsal in; without it everything is removed at the end. A folder with a real class
    is refused.
    """
    from bdhvs.rehearsal.child import ServedClass

    _ = translator(lang)
    options = ["--name", _("Rehearsal"), "--new", "--no-browser", "--lang", lang]
    options += [part for form in forms for part in ("--form", form)]
    options += ["--port", str(port)] if port else []
    options += ["--content", str(content.absolute())] if content else []
    shown = _Lines() if as_json else _Sentences(_)
    _end_in_order_when_told_to()
    shown.begins()
    try:
        with _folder(data) as folder, ServedClass(folder, *options, host=host) as room:
            _play(room, Wishes(students, speed, browsers, minutes * 60 if minutes else None), shown)
    except KeyboardInterrupt:
        pass  # Ctrl+C is how a rehearsal ends
    except BdhvsError as error:
        click.echo(f"\n{_explained(error, _)}\n\n  ({error.code}: {error})", err=True)
        sys.exit(1)
    shown.ends(data)


def _play(room: ServedClass, wishes: Wishes, shown: _Shown) -> None:
    """Announce the class, send the simulated learners in, and tell what happens until it is over."""
    from bdhvs.rehearsal.play import Play, Tally

    shown.announces(room.told, wishes.students)
    tally = Tally(shown.happens)
    play = Play(room, wishes.students, wishes.speed)
    with ExitStack() as ending:
        ending.callback(play.stop)
        play.start(tally.note)
        if wishes.browsers:
            from bdhvs.rehearsal.browsers import BrowserPhones

            phones = BrowserPhones(room, wishes.browsers, wishes.speed)
            ending.callback(phones.stop)
            if lacking := phones.start(tally.note):
                shown.lacks(lacking)
        begin = time.monotonic()
        next_summary, was_busy = begin + SUMMARY_S, True
        while room.is_running and (wishes.until_s is None or time.monotonic() < begin + wishes.until_s):
            time.sleep(LOOK_S)
            if time.monotonic() > next_summary or (was_busy and not play.is_busy):
                shown.sums_up(tally, play.is_busy)
                next_summary, was_busy = time.monotonic() + SUMMARY_S, play.is_busy


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    """The folder to rehearse in: the one given if it holds no real class, else a new one that is removed afterwards."""
    if data is None:
        with tempfile.TemporaryDirectory(prefix="bdhvs-rehearsal-", ignore_cleanup_errors=True) as folder:
            yield Path(folder) / "data"
        return
    if (data / DATABASE).exists() and not (data / MARK).exists():
        raise SetupError(f"{data}: found a class, expected an empty folder or one of a rehearsal", "rehearsal_folder")
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        (data / MARK).write_text("Simulated learners. No person has answered here.\n", "utf-8")
    except OSError as error:
        raise SetupError(f"{data}: the folder cannot be written ({error})", "rehearsal_folder") from error
    yield data


def _explained(error: BdhvsError, _: Gettext) -> str:
    if error.code == "rehearsal_folder":
        return _("A rehearsal needs a folder of its own. Choose another name, or give none.")
    if error.code == "class_not_started":
        return _("The class could not be started. The reason stands below; bdhvs doctor looks at the whole machine.")
    return explain(error, _)


def _end_in_order_when_told_to() -> None:
    """SIGTERM ends a rehearsal as Ctrl+C does; and Ctrl+C works also where a shell started us in the background."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)


class _Shown:
    """What is shown of a rehearsal; `happens` is called from many threads, one at a time."""

    def begins(self) -> None: ...

    def announces(self, told: dict[str, Any], students: int) -> None: ...

    def happens(self, happening: Happening) -> None: ...

    def lacks(self, what: str) -> None: ...

    def sums_up(self, tally: Tally, is_busy: bool) -> None: ...

    def ends(self, data: Path | None) -> None: ...


class _Lines(_Shown):
    """For programs: a line of JSON for everything."""

    def announces(self, told: dict[str, Any], students: int) -> None:
        self._line(told | {"students": students})

    def happens(self, happening: Happening) -> None:
        self._line(asdict(happening))

    def lacks(self, what: str) -> None:
        self._line({"lacking": what})

    def _line(self, about: dict[str, Any]) -> None:
        click.echo(json.dumps(about, ensure_ascii=False))


class _Sentences(_Shown):
    """For the teacher: the announcement as of a class, then what asks for the teacher."""

    def __init__(self, _: Gettext) -> None:
        self._ = _

    def begins(self) -> None:
        click.echo(self._("Preparing the class …"))

    def announces(self, told: dict[str, Any], students: int) -> None:
        from bdhvs.commands.serve import print_announcement
        from bdhvs.server.run import Announcement

        _ = self._
        about = {**told, "addresses": tuple(told["addresses"]), "data": Path(told["data"])}
        print_announcement(Announcement(**about), _)
        click.echo("")
        click.secho("  " + _("This is a rehearsal: {n} simulated learners are coming in.").format(n=students), bold=True)
        click.echo("  " + _("Open the link for the teacher, look who asks for help, and join with a phone of your own."))
        click.echo("  " + _("Nobody here is real. Press Ctrl+C to end.") + "\n")

    def happens(self, happening: Happening) -> None:
        _ = self._
        told = {
            "asked": _("{name} asks for help with question {n}."),
            "left": _("{name} has gone away."),
        }.get(happening.what)
        if told:
            click.echo("  " + told.format(name=happening.who, n=happening.question))

    def lacks(self, what: str) -> None:
        _ = self._
        told = {
            "playwright": _("No browsers: playwright is not installed (pip install playwright). The others come in all the same."),
            "chromium": _("No browsers: no Chromium was found. Install it, or name it in CHROMIUM. The others come in all the same."),
        }
        click.secho("  " + told[what], fg="yellow")

    def sums_up(self, tally: Tally, is_busy: bool) -> None:
        _ = self._
        text = _("In class: {joined}. Answers: {answers}. Calls for help: {asked}.")
        click.echo("  " + text.format(joined=tally["joined"], answers=tally["answered"], asked=tally["asked"]))
        if not is_busy:
            click.secho("  " + _("All simulated learners are done. Look at the results, then press Ctrl+C."), bold=True)

    def ends(self, data: Path | None) -> None:
        _ = self._
        kept = _("The rehearsal is over. It is kept in {folder}.").format(folder=data)
        click.echo("\n" + (kept if data else _("The rehearsal is over. Nothing of it was kept.")))
