"""``bdhvs person``: what is held about one person, and what that person may ask for."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bdhvs.commands.sentences import explain
from bdhvs.errors import BdhvsError, NotFound, SetupError
from bdhvs.i18n import Gettext, translator

if TYPE_CHECKING:
    from bdhvs.service.people import People, Receipt
    from bdhvs.store import Store

T = TypeVar("T")
SHORTEST_END = 4  # characters of a pseudonym's end that may stand for it; its beginning is a time, alike for a class


@click.group()
def person() -> None:
    """See, correct or delete what is held about one person (WHO: the pseudonym or its end, see `list`)."""


def _language(command: Callable[..., Any]) -> Callable[..., Any]:
    choice = click.Choice(["vi", "en"])
    return click.option("--lang", type=choice, default="vi", show_default=True, help="Language of what is printed.")(command)


_data = click.argument("data", type=click.Path(path_type=Path), envvar="BDHVS_DATA")
_who = click.argument("who")
_yes = click.option("--yes", is_flag=True, help="Do not ask; for programs.")


@person.command("list")
@_data
@_language
def list_people(data: Path, lang: str) -> None:
    """Who is in the data folder DATA: name, class, pseudonym. Works while a class is running."""
    with _explained(lang), _read_only(data) as store:
        for room in store.classrooms():
            for one in store.learners(room.id):
                if one.nickname is not None:
                    click.echo(f"{one.id}  {room.code}  {one.nickname}")


@person.command()
@_data
@_language
def log(data: Path, lang: str) -> None:
    """What was done with people's data in DATA: time (UTC), deed, by whom, reference; never whose."""
    from bdhvs.store.times import from_us

    with _explained(lang), _read_only(data) as store:
        for row in store.audit():
            click.echo(f"{from_us(row.at_us):%Y-%m-%d %H:%M:%S}  {row.action:7}  {row.actor:8}  {row.reference}")


@person.command()
@_data
@_who
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Folder for du-lieu.json and du-lieu.txt.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@_language
def export(data: Path, who: str, out: Path | None, as_json: bool, lang: str) -> None:
    """Everything held about WHO: printed, or as two files in the folder --out."""
    from bdhvs.service.held import as_text

    found = _do(data, who, lang, lambda people, learner: people.export(learner, lang))
    text, values = as_text(found, lang), json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    if out is None:
        click.echo(values if as_json else text, nl=False)
        return
    with _explained(lang):
        _write_private(out / "du-lieu.json", values)
        _write_private(out / "du-lieu.txt", text)
    click.echo(f"{out / 'du-lieu.json'}\n{out / 'du-lieu.txt'}")


@person.command()
@_data
@_who
@click.option("--content", type=click.Path(path_type=Path), default=None, help="Folder that holds assessments/.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@_language
def scores(data: Path, who: str, content: Path | None, as_json: bool, lang: str) -> None:
    """What WHO can do as far as it was scored: each score, oldest first, with its version. Works while a class is running."""
    from bdhvs.bank.loader import Bank
    from bdhvs.service.held import score_lines, scores_held

    with _explained(lang), _read_only(data) as store:
        found = scores_held(store, _pseudonym(store, who), Bank.load(content).framework, lang)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    _ = translator(lang)
    for line in score_lines(found, _):
        click.echo(line)
    if not found:
        click.echo(_("Nothing of this person was scored yet."))


@person.command()
@_data
@_who
@click.argument("name")
@_language
def rename(data: Path, who: str, name: str, lang: str) -> None:
    """Correct the name of WHO."""
    receipt = _do(data, who, lang, lambda people, learner: people.rename(learner, name))
    _tell(receipt, translator(lang)("The name is corrected."), translator(lang))


@person.command()
@_data
@_who
@_yes
@_language
def forget(data: Path, who: str, yes: bool, lang: str) -> None:
    """Forget who WHO is: the name goes, the answers stay under ids that lead nowhere."""
    _ = translator(lang)
    _ask(yes, _("Forget this person? It cannot be undone."))
    _tell(_do(data, who, lang, lambda people, learner: people.forget(learner)), _("The person is forgotten"), _)


@person.command()
@_data
@_who
@_yes
@_language
def erase(data: Path, who: str, yes: bool, lang: str) -> None:
    """Delete everything of WHO, answers included."""
    _ = translator(lang)
    _ask(yes, _("Delete everything of this person? It cannot be undone."))
    _tell(_do(data, who, lang, lambda people, learner: people.erase(learner)), _("Everything is deleted"), _)


@contextmanager
def _explained(lang: str) -> Iterator[None]:
    """Turns an error of ours into a sentence and exit code 1."""
    try:
        yield
    except BdhvsError as error:
        click.echo(f"{_sentence(error, translator(lang))}\n  ({error.code}: {error})", err=True)
        sys.exit(1)


def _sentence(error: BdhvsError, _: Gettext) -> str:
    sentences = {
        "store_owned": _(
            "A class is running on this data folder. Do it on the teacher's page: open the teacher's link, then People in the class. Or stop the class first."
        ),
        "not_found": _("There is nobody here under this pseudonym. `bdhvs person list` shows who is."),
        "who_unclear": _("Several people have a pseudonym that ends so. Please give more of it."),
        "name_empty": _("Please type a name for the teacher to call you by."),
        "name_too_long": _("This name is too long: please write at most 40 letters."),
    }
    return sentences.get(error.code) or explain(error, _)


def _read_only(data: Path) -> Store:
    from bdhvs.store import Store

    return Store.read_only(data)


def _do(data: Path, who: str, lang: str, deed: Callable[[People, str], Coroutine[Any, Any, T]]) -> T:
    """What `deed` gives for the person `who` means, done as the owner of the data folder."""
    from bdhvs.bank.loader import Bank
    from bdhvs.service.people import People
    from bdhvs.store import Store
    from bdhvs.store.times import now_us

    async def done(store: Store) -> T:
        people = People(Bank.load(), store, now_us=now_us, actor="cli")
        return await deed(people, _pseudonym(store, who))

    with _explained(lang), Store.open(data, create=False) as store:
        return asyncio.run(done(store))


def _pseudonym(store: Store, who: str) -> str:
    found = [
        one.id
        for room in store.classrooms()
        for one in store.learners(room.id)
        if one.nickname is not None and len(who) >= SHORTEST_END and one.id.endswith(who.lower())
    ]
    if not found:
        raise NotFound(f"found nobody for {who!r}, expected a pseudonym or its last {SHORTEST_END} characters or more")
    if len(found) > 1:
        raise SetupError(f"{who!r} is the end of {', '.join(found)}; give more characters", "who_unclear")
    return found[0]


def _ask(yes: bool, question: str) -> None:
    if not yes:
        click.confirm(question, abort=True)


def _tell(receipt: Receipt, what: str, _: Gettext) -> None:
    click.echo(what)
    click.echo(_("Reference for the person, to prove that it was done:") + f" {receipt.reference}")
    if receipt.remains.log:
        click.echo(
            _(
                "Another program is reading the data just now, so a trace stays in a working file until the class is stopped. Please stop the class once today."
            )
        )
    if receipt.remains.copies:
        click.echo(_("These copies in the folder backups could not be changed and still hold the person. Please delete them:"))
    for path in receipt.remains.copies:
        click.echo(f"  {path}")


def _write_private(path: Path, text: str) -> None:
    """Write `text` for this user's eyes only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as exc:
        raise SetupError(f"{path}: cannot be written ({exc.strerror}); choose another folder with --out") from exc
