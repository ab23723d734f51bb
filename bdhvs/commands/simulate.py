"""``bdhvs simulate``: what would happen if an adaptive form went live, before anybody takes it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from pydantic import ValidationError

from bdhvs.bank.calibration import Calibration, calibration_in_use, read_calibration
from bdhvs.bank.loader import Bank, load_adaptive_form
from bdhvs.commands.simulation_table import MANNERS, table
from bdhvs.core.forms import Form
from bdhvs.errors import MissingExtra, NotFound, SetupError
from bdhvs.service.adaptive_versions import engine_of, missing_for_adaptive, version_with
from bdhvs.service.imagined_bank import imagined_items
from bdhvs.store import AdaptiveVersionRow

if TYPE_CHECKING:
    from bdhvs.measurement.adaptive.form import AdaptiveForm
    from bdhvs.measurement.simulation import AdaptiveRun, FixedRun, Learners

JSON_VERSION = 1
FIXED_UP_TO = 3  # times the adaptive form's maximum: so long a fixed form is looked at


@dataclass(frozen=True)
class Inquiry:
    """What is asked: the form's version and engine, learners, and in words where the numbers come from."""

    version: AdaptiveVersionRow
    engine: AdaptiveForm
    learners: tuple[Learners, ...]
    seed: int
    counting: bool
    notes: tuple[str, ...]


class Group(click.ParamType[tuple[str, int, float, float]]):
    """``name:count:mean:sd``, for example ``elderly:300:-1.2:0.8``."""

    name = "name:count:mean:sd"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, tuple):
            return value
        parts = value.rsplit(":", 3)
        try:
            name, count, mean, sd = parts[0], int(parts[1]), float(parts[2]), float(parts[3])
        except (IndexError, ValueError):
            self.fail(f"found {value!r}, expected name:count:mean:sd, for example elderly:300:-1.2:0.8", param, ctx)
        if not name or not 1 <= count <= 100_000 or not abs(mean) <= 6 or not 0 <= sd <= 3:
            self.fail(
                f"found {value!r}, expected 1 to 100000 learners, a mean within ±6 and an sd of 0 to 3 logits",
                param,
                ctx,
            )
        return name, count, mean, sd


@click.command()
@click.argument("form")
@click.option("--content", type=click.Path(path_type=Path), default=None, help="Folder that holds assessments/.")
@click.option(
    "--calibration",
    type=click.Path(path_type=Path),
    default=None,
    help="Calibration file; default: the newest of people's answers, and levels where there is none.",
)
@click.option(
    "--imagined",
    type=click.IntRange(10, 20_000),
    default=None,
    help="Instead of the bank's items: a bank of so many still to be written.",
)
@click.option("--minimum", type=int, default=None, help="What if the form had this minimum.")
@click.option("--maximum", type=int, default=None, help="… this maximum.")
@click.option("--certainty", type=float, default=None, help="… ended at this certainty of the band.")
@click.option("--exposure", type=float, default=None, help="… this exposure.")
@click.option(
    "--learners",
    type=click.IntRange(20, 100_000),
    default=1000,
    show_default=True,
    help="Simulated learners, when there is no --group.",
)
@click.option(
    "--mean",
    type=click.FloatRange(-6, 6),
    default=None,
    help="Their mean ability, in logits; default: the form's prior.",
)
@click.option(
    "--sd", type=click.FloatRange(0, 3), default=None, help="Their spread, in logits; default: the form's prior."
)
@click.option("--group", "groups", type=Group(), multiple=True, help="A group of learners instead; may be repeated.")
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="The same seed gives the same numbers."
)
@click.option("--counts", is_flag=True, help="As if a server counted what was shown; the class server does not.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of the table.")
@click.option("--pictures", type=click.Path(path_type=Path), default=None, help="Folder for four pictures.")
@click.option("--picture-format", type=click.Choice(["svg", "png"]), default="svg", show_default=True)
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language of the pictures.")
def simulate(
    form: str,
    content: Path | None,
    calibration: Path | None,
    imagined: int | None,
    minimum: int | None,
    maximum: int | None,
    certainty: float | None,
    exposure: float | None,
    learners: int,
    mean: float | None,
    sd: float | None,
    groups: tuple[tuple[str, int, float, float], ...],
    seed: int,
    counts: bool,
    as_json: bool,
    pictures: Path | None,
    picture_format: str,
    lang: str,
) -> None:
    """What if this adaptive form went live: length, right bands, exposure and success of simulated learners.

    FORM is an id of the bank, or the path of a form's file (.yaml) that is not in the bank yet. Learners take it as the class
    server would give it; a fixed form with the same blueprint stands beside. Needs numpy and scipy.
    """
    if imagined is not None and calibration is not None:
        raise click.UsageError(
            "found --imagined beside --calibration; an imagined bank has no answers to calibrate it by"
        )
    bank = Bank.load(content)
    wishes = {"minimum": minimum, "maximum": maximum, "certainty": certainty, "exposure": exposure}
    asked_form = _with_wishes(_form(form, bank), wishes)
    version, notes = _version(asked_form, bank, calibration, imagined)
    people = groups or ((_the_learners(asked_form, learners, mean, sd)),)
    asked = _inquiry(version, notes, people, seed, counting=counts)
    run, fixed, who = _simulated(asked)
    report = _report(asked, run, fixed, who)
    click.echo(json.dumps(report, ensure_ascii=False, indent=2) if as_json else table(report))
    if pictures is not None:
        from bdhvs.analysis.pictures.simulation import save_pictures

        for path in save_pictures(run, fixed, pictures, picture_format, lang):
            click.echo(str(path), err=True)


def _form(named: str, bank: Bank) -> Form:
    """The adaptive form with this id, or in the file at this path."""
    if named.endswith((".yaml", ".yml")):
        return load_adaptive_form(Path(named), bank)
    there_are = ", ".join(one.id for one in bank.forms.values() if one.adaptive) or "none"
    form = bank.forms.get(named)
    if form is None:
        raise NotFound(
            f'no form "{named}" in the bank; adaptive forms there: {there_are}. A file is named by its path, with .yaml'
        )
    if form.adaptive is None:
        raise SetupError(
            f'form "{named}" is a fixed list, expected an adaptive form; there are: {there_are}', "fixed_form"
        )
    return form


def _with_wishes(form: Form, wishes: Mapping[str, Any]) -> Form:
    """The form with the rules that the command line asks for instead of its own."""
    given = {name: value for name, value in wishes.items() if value is not None}
    if form.adaptive is None or not given:
        return form
    try:
        rules = type(form.adaptive).model_validate({**form.adaptive.model_dump(), **given})
    except ValidationError as error:
        said = "; ".join(
            f"{'.'.join(str(part) for part in one['loc']) or 'rules'}: {one['msg']}" for one in error.errors()
        )
        raise SetupError(f"form {form.id} with {_told(given)}: {said}", "rules") from error
    return form.model_copy(update={"adaptive": rules})


def _told(given: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in given.items())


def _the_learners(form: Form, count: int, mean: float | None, sd: float | None) -> tuple[str, int, float, float]:
    """Those whom the form expects, where nothing else is said."""
    prior = form.adaptive.prior if form.adaptive else None
    expected = (prior.mean, prior.sd) if prior else (0.0, 1.0)
    return "learners", count, expected[0] if mean is None else mean, expected[1] if sd is None else sd


def _version(
    form: Form, bank: Bank, calibration: Path | None, imagined: int | None
) -> tuple[AdaptiveVersionRow, list[str]]:
    """What the form would choose by, and what has to be said about the items' numbers."""
    if imagined is not None:
        version = version_with(form, imagined_items(imagined, bank.framework))
        return version, [
            f"a bank of {imagined} imagined items, evenly over competences and levels, of which the form's pool takes "
            f"{len(version.details['items'])}: slope 1, difficulty by level. No item is real"
        ]
    known = read_calibration(calibration) if calibration else calibration_in_use(bank.content, bank.items)
    version = version_with(form, bank.items.values(), known, bank.enemies)
    return version, list(_of_items(version.details["items"], known))


def _of_items(items: Sequence[Mapping[str, Any]], calibration: Calibration | None) -> Iterable[str]:
    guessed = sum(one["prior"] for one in items)
    if guessed:
        yield (
            f"{guessed} of {len(items)} items are not calibrated: their level stands for difficulty, slope 1, done or not "
            "done. A guess until answers come"
        )
    if calibration is not None:
        simulated = " (simulated learners)" if calibration.sample.synthetic else ""
        yield f"{len(items) - guessed} items with the estimates of calibration {calibration.version}{simulated}"


def _inquiry(
    version: AdaptiveVersionRow,
    notes: list[str],
    groups: Sequence[tuple[str, int, float, float]],
    seed: int,
    *,
    counting: bool,
) -> Inquiry:
    if missing := missing_for_adaptive():
        raise MissingExtra(", ".join(missing), "measurement")
    from bdhvs.measurement.simulation import Learners

    try:
        engine = engine_of(version)
    except ValueError as error:
        raise SetupError(str(error), "rules") from error
    people = tuple(Learners(count, mean, sd, name) for name, count, mean, sd in groups)
    return Inquiry(version, engine, people, seed, counting, (*notes, _of_exposure(engine, counting)))


def _of_exposure(engine: AdaptiveForm, counting: bool) -> str:
    if counting:
        return "items are dealt by counts of what earlier learners were shown; the class server keeps no such counts"
    cap = engine.rules.exposure_cap
    return (
        f"items are dealt from each learner's seed alone, as the class server does: each is among {cap:.0%} of learners' items, "
        "whatever they answer, so above that only by the chance of few learners"
    )


def _simulated(asked: Inquiry) -> tuple[AdaptiveRun, dict[str, FixedRun], dict[str, Any]]:
    """The adaptive form and the fixed ones taken by the same learners; who is in which group."""
    from bdhvs.measurement import simulation
    from bdhvs.measurement.adaptive.fixed import fixed_form
    from bdhvs.measurement.grids import Normal

    form = asked.engine
    abilities, groups = simulation.draw_learners(asked.learners, asked.seed)
    run = simulation.take_adaptive(form, abilities, asked.seed, counting=asked.counting)
    spread = Normal(float(abilities.mean()), max(float(abilities.std()), 0.1))
    longest = min(FIXED_UP_TO * form.rules.maximum, len(form.pool))
    fixed = {
        name: simulation.take_fixed(form, fixed_form(form, spread, longest, name), abilities, asked.seed)  # type: ignore[arg-type]
        for name in MANNERS
    }
    who = {one.name: groups == number for number, one in enumerate(asked.learners)} if len(asked.learners) > 1 else {}
    return run, fixed, who


def _report(asked: Inquiry, run: AdaptiveRun, fixed: Mapping[str, FixedRun], who: Mapping[str, Any]) -> dict[str, Any]:
    from bdhvs.measurement.simulation_summary import compared, summary

    pool, rules = asked.engine.pool, asked.engine.rules
    return {
        "v": JSON_VERSION,
        "form": dict(asked.version.details["form"]),
        "adaptive_version": asked.version.digest,
        "notes": list(asked.notes),
        "pool": {
            "items": len(pool),
            "domains": {name: pool.domains.count(name) for name in pool.domain_names},
            "simulators": int(pool.is_simulator.sum()),
            "enemies": len(pool.enemies),
        },
        "rules": {name: _plain(getattr(rules, name)) for name in rules.__dataclass_fields__},
        "learners": [{"name": one.name, "count": one.count, "mean": one.mean, "sd": one.sd} for one in asked.learners],
        "seed": asked.seed,
        "counts_kept": asked.counting,
        "adaptive": summary(run, who),
        "fixed": compared(run, fixed),
    }


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else list(value) if isinstance(value, tuple) else value
