"""The command line: a thin list of commands; errors of ours become one clean message and exit code 1."""

from __future__ import annotations

import gc
import sys
from importlib import import_module

import click

import bdhvs
from bdhvs.errors import BdhvsError

#: New objects before a search for garbage. What is made at the start (code, items) stays; with Python's own 700 the searches
#: took a fourteenth of it.
START_THRESHOLD = 20_000
#: Command → module of `bdhvs.commands`; imported only when it is called, so that none pays for another.
COMMANDS = {
    "serve": "Run a class: learners join by QR, answers are kept",
    "doctor": "Is this machine ready for a class?",
    "rehearse": "Practise with simulated learners",
    "report": "What a class did; a commune's week, a province, items: pages to print",
    "results": "Write the answers as CSV or Parquet",
    "export": "Write a dataset for research, or public tables, without names",
    "calibrate": "Put the items on a scale by learners' answers; what has moved since",
    "score": "Score what was handed in by the calibration in use; what that changes",
    "names": "Preview a class list: which names would be taken, which lines are doubtful",
    "guardians": "The form for parents and guardians of under-16s, to print",
    "person": "What is held about a person: show, correct, forget, erase",
    "check": "Check items and forms, with advice",
    "forms": "Forms that a teacher chooses: what they hold, what they are worth; draw them",
    "simulate": "What if an adaptive form went live: length, right bands, exposure",
    "programme": "What classes have shown, beside the plans: a page for a commune chair",
    "survey": "How many people to ask, to know a share to within ± so much",
    "simulate-province": "The dataset of a province that does not exist, for teaching and benchmarks",
    "schema": "JSON Schema of items, forms and blueprints, for editors",
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = name.replace("-", "_")
        command: click.Command = getattr(import_module(f"bdhvs.commands.{module}"), module)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup)
@click.version_option(bdhvs.__version__, prog_name="bdhvs")
def commands() -> None:
    """Bình dân học vụ số: teach and measure everyday digital skills."""


def main() -> None:
    """Entry point of ``bdhvs`` and ``jupyter bdhvs``."""
    gc.set_threshold(START_THRESHOLD, 10, 10)
    try:
        commands(prog_name="bdhvs")
    except BdhvsError as error:
        click.echo(f"bdhvs: {error}", err=True)
        sys.exit(1)
