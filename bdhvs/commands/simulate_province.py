"""``bdhvs simulate-province``: the dataset of a province that does not exist."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bdhvs.errors import SetupError


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--communes", type=click.IntRange(1, 3000), default=166, show_default=True, help="Communes and wards.")
@click.option(
    "--adults", type=click.IntRange(15, 20_000_000), default=2_000_000, show_default=True, help="Adults who live there."
)
@click.option("--answers", type=click.IntRange(12, 400), default=60, show_default=True, help="Rows per learner, about.")
@click.option(
    "--measured",
    type=click.FloatRange(0.001, 1),
    default=None,
    help="Share of the adults who come to a class; default: the recipe's (all).",
)
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="The same seed gives the same people."
)
@click.option("--processes", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--content", type=click.Path(path_type=Path), default=None, help="Folder that holds assessments/.")
def simulate_province(
    out: Path,
    communes: int,
    adults: int,
    answers: int,
    measured: float | None,
    seed: int,
    processes: int,
    content: Path | None,
) -> None:
    """Write the research dataset of an invented province to OUT, marked synthetic everywhere.

    For teaching, tests and benchmarks; nothing found in it is true of any place. Its numbers, each with a line of why, are in
    assessments/programme/synthetic-province.yaml. A small one: --communes 12 --adults 6000 --measured 0.3.
    """
    from bdhvs.analysis.province_items import item_facts
    from bdhvs.bank.loader import Bank
    from bdhvs.programme import synthetic
    from bdhvs.programme.recipe import read_recipe

    bank = Bank.load(content)
    recipe = read_recipe(bank.content.assessments)
    share = recipe.coming.measured if measured is None else measured
    bar = click.progressbar(length=round(adults * share), label=synthetic.MARK_VI, file=sys.stderr)
    try:
        synthetic.simulate_province(
            out,
            recipe,
            item_facts(bank),
            bank=bank.version,
            communes=communes,
            adults=adults,
            answers=answers,
            measured=measured,
            seed=seed,
            processes=processes,
            told=bar.update,
        )
    except ValueError as error:
        raise SetupError(str(error), "numbers") from error
    finally:
        bar.render_finish()
    click.echo(f"{out}: {synthetic.WARNING}", err=True)
