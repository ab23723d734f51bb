"""``bdhvs survey``: how many people to ask."""

from __future__ import annotations

import json
from dataclasses import asdict
from math import inf, isfinite

import click

from bdhvs.analysis.programme_words import plan_sentence
from bdhvs.errors import SetupError
from bdhvs.programme.survey import STATED_ICC, survey_plan


@click.command()
@click.option(
    "--margin", type=click.FloatRange(0.1, 50), default=5.0, show_default=True, help="Points of a hundred, ±."
)
@click.option("--confidence", type=click.FloatRange(50, 99.9), default=95.0, show_default=True, help="Percent.")
@click.option(
    "--share",
    type=click.FloatRange(0.1, 99.9),
    default=50.0,
    show_default=True,
    help="Expected, percent; 50 asks most.",
)
@click.option("--adults", type=click.IntRange(1), default=None, help="Adults of the place; default: many.")
@click.option(
    "--each",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    help="People invited per neighbourhood; 1: no neighbourhoods.",
)
@click.option(
    "--icc", type=click.FloatRange(0, 1), default=STATED_ICC, show_default=True, help="How alike neighbours are."
)
@click.option(
    "--answering",
    type=click.FloatRange(1, 100),
    default=80.0,
    show_default=True,
    help="Percent of the invited who answer.",
)
@click.option("--json", "as_json", is_flag=True, help="The numbers as JSON.")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def survey(
    margin: float,
    confidence: float,
    share: float,
    adults: int | None,
    each: int,
    icc: float,
    answering: float,
    as_json: bool,
    lang: str,
) -> None:
    """How many people to ask in a commune, to know a share to within ± so many points.

    Formulas and sources: docs/programme.md.
    """
    try:
        plan = survey_plan(
            margin / 100,
            confidence=confidence / 100,
            share=share / 100,
            population=adults or inf,
            per_cluster=each,
            icc=icc,
            response_rate=answering / 100,
        )
    except ValueError as error:
        raise SetupError(str(error), "numbers") from error
    if not as_json:
        click.echo(plan_sentence(plan, lang))
        return
    numbers = {
        name: value if not isinstance(value, float) or isfinite(value) else None for name, value in asdict(plan).items()
    }
    click.echo(json.dumps(numbers))
