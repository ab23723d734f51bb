"""Imports point one way. This test reads the code's imports and holds them against design section 3."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "bdhvs"

#: Each layer and the layers it may import from. What is not here may not be imported inside bdhvs.
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "i18n": set(),
    "core": {"errors"},
    "measurement": {"errors"},
    "bank": {"errors", "core"},
    "store": {"errors", "core"},
    "service": {"errors", "i18n", "core", "measurement", "bank", "store"},
    # Learners' programs and their checks: no store, no service, so neither answers nor the items' keys.
    "exercises": {"errors", "i18n", "core", "bank"},
    "widgets": {"errors", "i18n", "core", "bank", "store", "service", "exercises"},
    "credentials": {"errors", "i18n", "store", "service"},
    # Live notebooks: no bank, no service, no store, so no key.
    "live": {"errors", "core"},
    "server": {"errors", "i18n", "core", "bank", "store", "service", "widgets", "credentials", "live"},
    # Simulated learners stand outside: no bank, no service, no store, so no key.
    "rehearsal": {"errors", "core"},
    "doctor": {"errors", "i18n", "core", "bank", "store", "service", "live", "server", "rehearsal"},
    # Datasets for research: written from the store, read by analysis; pyarrow stays in here.
    "dataset": {"errors", "core", "store", "service"},
    "classroom": {"errors", "i18n", "bank", "store", "service", "server", "widgets", "analysis"},
    # The report queries: one way to ask DuckDB, PostgreSQL and Spark; ibis stays in here.
    "queries": {"errors", "dataset"},
    # Programme targets and places, and simulated provinces: what a dataset is compared with, or looks like.
    "programme": {"errors", "core", "measurement", "dataset"},
    "analysis": {
        "errors",
        "i18n",
        "core",
        "measurement",
        "bank",
        "store",
        "service",
        "dataset",
        "queries",
        "programme",
    },
    "commands": {
        "errors",
        "i18n",
        "core",
        "measurement",
        "bank",
        "store",
        "service",
        "server",
        "analysis",
        "doctor",
        "rehearsal",
        "live",
        "exercises",
        "dataset",
        "queries",
        "programme",
    },
    "cli": {"", "errors", "commands"},
    "__main__": {"cli"},
    "": {"analysis", "bank", "classroom", "widgets"},
}
#: Packages the pure layers may not touch: no files, network, clock, Jupyter or frames in the rules.
NOT_IN_CORE = {
    "os",
    "pathlib",
    "socket",
    "time",
    "datetime",
    "sqlite3",
    "sqlalchemy",
    "pandas",
    "numpy",
    "ipywidgets",
    "random.SystemRandom",
    "secrets",
}
HEAVY = {"pandas", "matplotlib", "pyarrow", "scipy"}


def layer(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


@cache
def imports(path: Path) -> tuple[str, ...]:
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import; write the full name"
            yield node.module or ""


FILES = sorted(path for path in PACKAGE.rglob("*.py") if "versions" not in path.parts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_down(path: Path) -> None:
    own = layer(path)
    for name in imports(path):
        if name != "bdhvs" and not name.startswith("bdhvs."):
            continue
        wanted = [*name.split("."), ""][1]
        assert wanted == own or wanted in MAY_IMPORT[own], f"{path.name} in layer {own!r} imports {name}"


@pytest.mark.parametrize("path", [p for p in FILES if layer(p) == "core"], ids=lambda path: path.name)
def test_the_core_knows_no_files_network_or_clock(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & NOT_IN_CORE


@pytest.mark.parametrize(
    "path", [p for p in FILES if layer(p) != "analysis"], ids=lambda path: path.relative_to(PACKAGE).as_posix()
)
def test_frames_and_pictures_stay_in_analysis(path: Path) -> None:
    top_level = ast.parse(path.read_text("utf-8")).body
    named = {
        name.split(".")[0]
        for node in top_level
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""])
    }
    assert not named & HEAVY


def test_only_the_queries_know_ibis() -> None:
    knowing = {layer(path) for path in FILES if "ibis" in {name.split(".")[0] for name in imports(path)}}
    assert knowing == {"queries"}


def test_only_the_store_speaks_sql() -> None:
    speaking = {
        layer(path)
        for path in FILES
        if {"sqlalchemy", "sqlite3", "alembic"} & {name.split(".")[0] for name in imports(path)}
    }
    assert speaking == {"store"}
