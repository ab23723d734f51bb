"""``bdhvs serve``: run a class."""

from __future__ import annotations

import json
import os
import sys
import webbrowser
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bdhvs.commands.names import print_doubts
from bdhvs.commands.sentences import explain
from bdhvs.core.about_learners import REGIONS
from bdhvs.errors import BdhvsError, PlaceRefused
from bdhvs.i18n import Gettext, translator
from bdhvs.live.notebooks import how_to_get_live
from bdhvs.service.adaptive_versions import how_to_get_adaptive
from bdhvs.service.place import PlaceTyped, place_sentence

if TYPE_CHECKING:
    from bdhvs.server.run import Announcement


@click.command()
@click.argument("data", type=click.Path(path_type=Path), default=Path("bdhvs-data"), envvar="BDHVS_DATA")
@click.option("--name", default=None, help="Name of the class, shown to learners.")
@click.option(
    "--class",
    "classes",
    multiple=True,
    help="Run several classes at once, each with a code, a board and a teacher's link of its own (repeat it, a name each).",
)
@click.option(
    "--host", default="0.0.0.0", show_default=True, help="Address to listen on; 127.0.0.1 for this machine only."
)
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="Port; default 8000 or the next free one.")
@click.option("--new", is_flag=True, help="Open a new class instead of going on with the last one.")
@click.option("--lesson", "lessons", multiple=True, help="Only these lessons (may be repeated).")
@click.option("--form", "forms", multiple=True, help="Only these forms on the class's home page (may be repeated).")
@click.option(
    "--names", type=click.Path(path_type=Path), default=None, help="Class list (text, CSV or .xlsx); learners may choose theirs. See what it gives: bdhvs names FILE."
)
@click.option("--under-16", is_flag=True, help="A name of the list is kept only with a parent's or guardian's consent, too.")
@click.option("--no-names", is_flag=True, help="Store no names at all: the class calls people by an animal and a colour. It stays so.")
@click.option("--ambassadors/--no-ambassadors", default=None, help="Offer the log of people helped (Đại sứ số), or not; default: as the class had it.")
@click.option("--households/--no-households", default=None, help="Offer households that learn together (Gia đình số), or not; default: as the class had it.")
@click.option("--province", default="", help="Where the class is: a province by name (also a former one) or code. Kept; say it again to change it.")
@click.option("--commune", default="", help='Commune or ward: code and name, e.g. "01234 Xã Mẫu"; of a list of communes, either.')
@click.option("--region", type=click.Choice(REGIONS), default=None, help="Town or countryside; follows from xã or phường if left out.")
@click.option("--audience", default="", help="Whom the class is for: a group of assessments/framework/programme.yaml, e.g. elderly.")
@click.option("--communes", type=click.Path(path_type=Path), default=None, help="Table of communes (CSV: code, name, province, kind, former).")
@click.option("--ask-learners/--no-ask-learners", default=None, help="Ask age, sex and group when somebody joins; everybody may skip. Off until switched on.")
@click.option(
    "--content", type=click.Path(path_type=Path), default=None, help="Folder that holds assessments/ and notebooks/."
)
@click.option(
    "--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language of what is printed."
)
@click.option(
    "--live-ready",
    type=click.IntRange(0, 150),
    default=0,
    show_default=True,
    help="Pages of each live notebook to have ready before people come (about 25 MB each).",
)
@click.option(
    "--synthetic", is_flag=True, help="A class that is only played: name levels by a calibration of simulated learners. Every page says so."
)
@click.option("--no-browser", is_flag=True, help="Do not open the teacher's page.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON instead of the announcement.")
def serve(
    data: Path,
    name: str | None,
    classes: tuple[str, ...],
    host: str,
    port: int | None,
    new: bool,
    lessons: tuple[str, ...],
    forms: tuple[str, ...],
    names: Path | None,
    under_16: bool,
    no_names: bool,
    ambassadors: bool | None,
    households: bool | None,
    province: str,
    commune: str,
    region: str | None,
    audience: str,
    communes: Path | None,
    ask_learners: bool | None,
    content: Path | None,
    lang: str,
    live_ready: int,
    synthetic: bool,
    no_browser: bool,
    as_json: bool,
) -> None:
    """Run a class on the data folder DATA (made when it is not there; run again to go on)."""
    from bdhvs.server.opening import ServeOptions
    from bdhvs.server.run import serve as run_class

    _ = translator(lang)
    options = ServeOptions(
        data,
        name or _("Digital skills class"),
        host,
        port,
        new,
        content,
        lessons or None,
        forms or None,
        names,
        under_16,
        no_names,
        live_ready,
        classes,
        synthetic,
        ambassadors=ambassadors,
        households=households,
        place=PlaceTyped(province, commune, region or "", audience),
        communes=communes,
        ask_learners=ask_learners,
    )

    def announce(told: Announcement) -> None:
        if as_json:
            click.echo(json.dumps(asdict(told), default=str, ensure_ascii=False))
            return
        if len(told.classes) > 1:
            print_entrances(told, _)
        else:
            print_announcement(told, _)
        click.echo("  " + _("Answers are kept in:  {folder}").format(folder=told.data.resolve()))
        if told.live_missing:
            text = _("Programming lessons are not offered. To have them: {command}")
            click.echo("  " + text.format(command=how_to_get_live()))
        if told.adaptive_missing:
            text = _("Quizzes that adapt to each learner are not offered. To have them: {command}")
            click.echo("  " + text.format(command=how_to_get_adaptive()))
        click.echo("  " + _("Press Ctrl+C to stop. Start again with the same command to go on.") + "\n")
        if not no_browser and len(told.classes) == 1 and _has_browser():
            webbrowser.open(told.teacher_url)

    if not as_json:
        click.echo(_("Preparing the class …"))
    try:
        if names is not None:
            print_doubts(names, _)
        run_class(options, announce)
    except KeyboardInterrupt:
        pass  # Ctrl+C is how a class ends: uvicorn has stopped in order and hands the signal on
    except BdhvsError as error:
        said = place_sentence(error, _) if isinstance(error, PlaceRefused) else explain(error, _)
        click.echo(f"\n{said}\n", err=True)
        click.echo(f"  ({error.code}: {error})", err=True)
        sys.exit(1)
    if not as_json:
        click.echo("\n" + _("The class has stopped. All answers are kept in {folder}.").format(folder=data))


def print_announcement(told: Announcement, _: Gettext) -> None:
    """Print the class: its QR, code, addresses, and the link for the teacher."""
    from bdhvs.server.qr import qr_terminal

    click.echo("")
    click.secho(f"  {told.name}", bold=True)
    if told.learners:
        click.echo("  " + _("Going on with the class: {n} learners joined earlier.").format(n=told.learners))
    click.echo("")
    click.echo(qr_terminal(told.join_url, colours=sys.stdout.isatty()))
    click.echo("  " + _("Learners scan the code, or open:  {url}").format(url=told.join_url))
    click.echo("  " + _("Class code:  {code}").format(code=told.code))
    if told.place:
        click.echo("  " + _("The class is at:  {place}").format(place=told.place))
    if told.join_url.startswith("http://127."):
        click.secho(
            "  "
            + _(
                "This machine is on no network, so phones cannot reach it. Turn on Wi-Fi or a hotspot and start again."
            ),
            fg="yellow",
        )
    for other in told.addresses[1:]:
        click.echo("  " + _("Other network:  {url}").format(url=f"{other}/j/{told.code}"))
    click.echo("")
    click.echo("  " + _("For the teacher only:  {url}").format(url=told.teacher_url))


def print_entrances(told: Announcement, _: Gettext) -> None:
    """Print several classes: of each the code, the learners' address and the link for its teacher, wherever that one sits."""
    click.echo("")
    for one in told.classes:
        click.secho(f"  {one.name}", bold=True)
        if one.learners:
            click.echo("  " + _("Going on with the class: {n} learners joined earlier.").format(n=one.learners))
        click.echo("  " + _("Class code:  {code}").format(code=one.code))
        click.echo("  " + _("Learners scan the code, or open:  {url}").format(url=one.join_url))
        own = told.addresses[0] + one.teacher_url[one.teacher_url.index("/gv/") :]
        click.echo("  " + _("For the teacher only:  {url}").format(url=own) + "\n")
    click.echo("  " + _("Give each teacher the link of their class. Its page shows the QR for the learners."))


def _has_browser() -> bool:
    """Whether opening a page makes sense: a person's screen, not a server or a pipe."""
    if not sys.stdout.isatty():
        return False
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
