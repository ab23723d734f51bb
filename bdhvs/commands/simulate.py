"""``bdhvs simulate``: what would happen if an adaptive form went live, before anybody takes it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bdhvs.bank.adaptive_files import AdaptiveRules, read_rules, rules_given
from bdhvs.bank.calibration import calibration_in_use, read_calibration
from bdhvs.bank.framework import Framework
from bdhvs.bank.loader import Bank
from bdhvs.errors import MissingExtra, SetupError
from bdhvs.service.item_pools import bank_pool, competence_shares, imagined_pool, level_cuts

if TYPE_CHECKING:
    from bdhvs.measurement.adaptive.pool import Pool
    from bdhvs.measurement.adaptive.rules import Rules
    from bdhvs.measurement.simulation import AdaptiveRun, FixedRun, Learners

JSON_VERSION = 1
FIXED_UP_TO = 3  # times the adaptive form's maximum: so long a fixed form is looked at
MANNERS = {"central": "most informative on average", "spread": "spread over the learners"}


@dataclass(frozen=True)
class Inquiry:
    """What is asked: pool, rules, learners, and in words where the numbers come from."""

    pool: Pool
    rules: Rules
    learners: tuple[Learners, ...]
    seed: int
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
@click.argument("rules", type=click.Path(path_type=Path), required=False)
@click.option("--content", type=click.Path(path_type=Path), default=None, help="Folder that holds assessments/.")
@click.option(
    "--calibration",
    type=click.Path(path_type=Path),
    default=None,
    help="Calibration file; default: the newest of the bank, and levels where there is none.",
)
@click.option(
    "--imagined",
    type=click.IntRange(10, 20_000),
    default=None,
    help="Instead of the bank: so many items still to be written.",
)
@click.option(
    "--learners",
    type=click.IntRange(20, 100_000),
    default=1000,
    show_default=True,
    help="Simulated learners, when there is no --group.",
)
@click.option(
    "--mean", type=click.FloatRange(-6, 6), default=0.0, show_default=True, help="Their mean ability, in logits."
)
@click.option("--sd", type=click.FloatRange(0, 3), default=1.0, show_default=True, help="Their spread, in logits.")
@click.option("--group", "groups", type=Group(), multiple=True, help="A group of learners instead; may be repeated.")
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="The same seed gives the same numbers."
)
@click.option("--no-counts", is_flag=True, help="As without a server that counts what was shown.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of the table.")
@click.option("--pictures", type=click.Path(path_type=Path), default=None, help="Folder for four pictures.")
@click.option("--picture-format", type=click.Choice(["svg", "png"]), default="svg", show_default=True)
def simulate(
    rules: Path | None,
    content: Path | None,
    calibration: Path | None,
    imagined: int | None,
    learners: int,
    mean: float,
    sd: float,
    groups: tuple[tuple[str, int, float, float], ...],
    seed: int,
    no_counts: bool,
    as_json: bool,
    pictures: Path | None,
    picture_format: str,
) -> None:
    """What if this adaptive form went live: length, right bands, exposure and success of simulated learners.

    RULES is a YAML file; without it the usual rules are taken, as long as the bank allows. A fixed form with the same blueprint
    stands beside. Needs numpy.
    """
    groups = groups or (("learners", learners, mean, sd),)
    asked = _inquiry(read_rules(rules) if rules else AdaptiveRules(), content, calibration, imagined, groups, seed)
    run, fixed, who = _simulated(asked, counting=not no_counts)
    report = _report(asked, run, fixed, who, counting=not no_counts)
    click.echo(json.dumps(report, ensure_ascii=False, indent=2) if as_json else _table(report))
    if pictures is not None:
        from bdhvs.analysis.plot_simulation import save_pictures

        for path in save_pictures(run, fixed, pictures, picture_format):
            click.echo(str(path), err=True)


def _inquiry(
    wishes: AdaptiveRules,
    content: Path | None,
    calibration: Path | None,
    imagined: int | None,
    groups: Sequence[tuple[str, int, float, float]],
    seed: int,
) -> Inquiry:
    if imagined is not None and (content or calibration or wishes.enemies or wishes.simulators):
        raise click.UsageError(
            "found --imagined beside a bank, a calibration or named items; an imagined bank has none of these"
        )
    try:
        from bdhvs.measurement.simulation import Learners
    except ImportError as exc:
        raise MissingExtra("numpy", "measurement") from exc
    pool, framework, notes = _pool(wishes, content, calibration, imagined)
    if wishes.cuts is None:
        cuts = ", ".join(f"{one:.2f}" for one in level_cuts(framework))
        notes.append(
            f"cuts {cuts}: where an average item of a band's first level is done with probability 0.67, by the levels' difficulties"
        )
    rules = _rules(wishes, framework, pool, notes)
    people = tuple(Learners(count, mean, sd, name) for name, count, mean, sd in groups)
    return Inquiry(pool, rules, people, seed, tuple(notes))


def _pool(
    wishes: AdaptiveRules, content: Path | None, calibration: Path | None, imagined: int | None
) -> tuple[Pool, Framework, list[str]]:
    """The pool, the framework, and what has to be said about the items' numbers."""
    if imagined is not None:
        framework = Framework.load()
        note = f"{imagined} imagined items, evenly over levels 1–6: slope 1, difficulty by level. No item is real"
        return imagined_pool(imagined, wishes.domain_shares or competence_shares(framework)), framework, [note]
    bank = Bank.load(content)
    known = read_calibration(calibration) if calibration else calibration_in_use(bank.content, bank.items)
    found = bank_pool(bank, known, wishes.enemies, wishes.simulators)
    notes = []
    if found.by_level:
        notes.append(
            f"{found.by_level} of {len(found.pool)} items are not calibrated: their level stands for difficulty, slope 1. A guess until answers come"
        )
    if known is not None:
        simulated = " (simulated learners)" if known.sample.synthetic else ""
        notes.append(f"{found.calibrated} items with the estimates of calibration {known.version}{simulated}")
    return found.pool, bank.framework, notes


def _rules(wishes: AdaptiveRules, framework: Framework, pool: Pool, notes: list[str]) -> Rules:
    """The author's rules on top of the usual ones; without a stated length, the longest the pool allows up to the usual."""
    from bdhvs.measurement.adaptive.feasible import longest
    from bdhvs.measurement.adaptive.rules import Rules

    usual: dict[str, Any] = {"domain_shares": competence_shares(framework), "cuts": level_cuts(framework)}
    given = {**usual, **rules_given(wishes)}
    try:
        rules = Rules(**given)
        if wishes.maximum is not None or longest(rules, pool) >= rules.maximum:
            return rules
        length = longest(rules, pool)
        if length < 1:
            return rules  # refused with its reasons when the form is made
        notes.append(
            f"tests of at most {length} items: more the {len(pool)} items do not allow with no item met by more than {rules.exposure_cap:.0%} of "
            f"learners (usual: {rules.maximum})"
        )
        minimum = {} if wishes.minimum is not None else {"minimum": min(rules.minimum, length)}
        return Rules(**{**given, "maximum": length, **minimum})
    except ValueError as error:
        raise SetupError(str(error), "rules") from error


def _simulated(
    asked: Inquiry, *, counting: bool
) -> tuple[AdaptiveRun, dict[str, FixedRun], dict[str, Any]]:
    """The adaptive form and the fixed ones taken by the same learners; who is in which group."""
    from bdhvs.measurement import simulation
    from bdhvs.measurement.adaptive.fixed import fixed_form
    from bdhvs.measurement.adaptive.form import AdaptiveForm
    from bdhvs.measurement.grids import Normal

    try:
        form = AdaptiveForm(asked.rules, asked.pool)
    except ValueError as error:
        raise SetupError(str(error), "rules") from error
    abilities, groups = simulation.draw_learners(asked.learners, asked.seed)
    run = simulation.take_adaptive(form, abilities, asked.seed, counting=counting)
    spread = Normal(float(abilities.mean()), max(float(abilities.std()), 0.1))
    longest = min(FIXED_UP_TO * asked.rules.maximum, len(asked.pool))
    fixed = {
        name: simulation.take_fixed(form, fixed_form(form, spread, longest, name), abilities, asked.seed)  # type: ignore[arg-type]
        for name in MANNERS
    }
    who = {one.name: groups == number for number, one in enumerate(asked.learners)} if len(asked.learners) > 1 else {}
    return run, fixed, who


def _report(
    asked: Inquiry, run: AdaptiveRun, fixed: Mapping[str, FixedRun], who: Mapping[str, Any], *, counting: bool
) -> dict[str, Any]:
    from bdhvs.measurement.simulation_summary import compared, summary

    pool, rules = asked.pool, asked.rules
    return {
        "v": JSON_VERSION,
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
        "counts_kept": counting,
        "adaptive": summary(run, who),
        "fixed": compared(run, fixed),
    }


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else list(value) if isinstance(value, tuple) else value


def _table(report: Mapping[str, Any]) -> str:
    own, pool, rules = report["adaptive"], report["pool"], report["rules"]
    shown, spread = own["exposure"], own["length_percentiles"]
    people = "; ".join(
        f"{one['name']}: {one['count']}, mean {one['mean']:g}, sd {one['sd']:g}" for one in report["learners"]
    )
    lines = [
        *(click.style(f"Note: {note}.", fg="yellow") for note in report["notes"]),
        f"Pool      {pool['items']} items; by domain "
        + ", ".join(f"{name}: {count}" for name, count in pool["domains"].items()),
        f"Rules     {rules['minimum']}–{rules['maximum']} items, stop at certainty {rules['certainty']:g}, exposure cap {rules['exposure_cap']:.0%}",
        f"Learners  {people} (logits); seed {report['seed']}",
        "",
        f"Length         {own['length']:.1f} items (10–50–90 %: {spread['10']:.0f}–{spread['50']:.0f}–{spread['90']:.0f}); "
        + ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in own["endings"].items()),
        f"Right band     {own['accuracy']:.1%} ± {own['accuracy_error']:.1%} (the tests themselves claim {own['certainty']:.1%})",
        f"Ability        RMSE {own['rmse']:.2f}, bias {own['bias']:+.2f}, mean standard error {own['standard_error']:.2f} logits",
        f"Exposure       most met {shown['max']:.1%}; {shown['items_over_cap']} items over the cap, {shown['items_unused']} never met; "
        f"two learners share {shown['overlap']:.0%} of their items",
        "",
        f"{'who (true ability)':24} {'learners':>8} {'items':>6} {'right band':>10} {'success':>8} {'first 8':>8}",
        *(_row(one) for one in [{"who": "all", **own}, *own["by"]]),
        "",
        *(_beside(name, one) for name, one in report["fixed"].items()),
    ]
    return "\n".join(lines)


def _row(one: Mapping[str, Any]) -> str:
    return (
        f"{one['who'][:24]:24} {one['learners']:8} {one['length']:6.1f} {one['accuracy']:10.1%} "
        f"{one['success']:8.0%} {one['success_first']:8.0%}"
    )


def _beside(name: str, one: Mapping[str, Any]) -> str:
    if one["accuracy"] is None:
        return f"Fixed form, {MANNERS[name]}: none can be made of this pool"
    text = f"Fixed form of {one['items']}, {MANNERS[name]}: right band {one['accuracy']:.1%}, RMSE {one['rmse']:.2f}, success {one['success']:.0%}; "
    if one["items_for_same_accuracy"] is None:
        return text + f"even {one['longest']} items do not reach the adaptive form's accuracy"
    saved = one["items_saved"]
    word = "fewer" if saved >= 0 else "more"
    return text + f"for the same accuracy {one['items_for_same_accuracy']:.1f} items; adaptive {abs(saved):.0%} {word}"
