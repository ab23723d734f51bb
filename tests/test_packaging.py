"""The wheel, built and installed alone into a fresh environment without extras: does a class run from it?"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    # From a clean export, as a release would be: what is not in git must not be needed.
    source = folder / "source"
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            target = source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a new environment that holds the wheel and nothing of ours besides."""
    venv = tmp_path_factory.mktemp("fresh") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    interpreter = venv / "bin" / "python"
    command = [str(interpreter), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)]
    subprocess.run(command, check=True, capture_output=True)
    return interpreter


def run(python: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(python), *arguments], cwd=cwd, capture_output=True, text=True)


def test_the_wheel_carries_content_templates_texts_and_migrations(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    inside = [name for name in names if not name.endswith(".py")]
    for kind, at_least in {
        "bdhvs/_content/assessments/items/": 97,
        "bdhvs/_content/assessments/media/": 4,
        "bdhvs/_content/assessments/forms/": 7,
        "bdhvs/_content/assessments/framework/": 3,
        "bdhvs/_content/assessments/places/": 1,
        "bdhvs/_content/notebooks/hoc-vien/": 4,
        "bdhvs/server/templates/": 8,
        "bdhvs/server/static/": 3,
        "bdhvs/widgets/static/": 3,
        "bdhvs/locale/vi/LC_MESSAGES/bdhvs.mo": 1,
        "data/share/jupyter/voila/templates/bdhvs/": 1,
        "data/share/jupyter/nbconvert/templates/bdhvs_light/": 2,
        "data/share/jupyter/nbconvert/templates/bdhvs_report/": 3,
        "bdhvs/_content/notebooks/nghien-cuu/": 13,
    }.items():
        assert sum(kind in name for name in inside) >= at_least, kind
    assert any("store/migrations/versions/" in name for name in names)
    assert "bdhvs/store/migrations/whole.sql" in names
    assert not [name for name in names if name.startswith("tests") or "node_modules" in name]


def test_every_package_of_the_checkout_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(["git", "ls-files", "bdhvs"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [name for name in listed.split() if name.endswith(".py") and name not in names] == []


def test_both_console_scripts_answer(python: Path, tmp_path: Path) -> None:
    for name in ("bdhvs", "jupyter-bdhvs"):
        done = subprocess.run([str(python.parent / name), "--version"], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0
        assert done.stdout.startswith("bdhvs, version ")


def test_the_shipped_bank_is_found_and_in_order_from_anywhere(python: Path, tmp_path: Path) -> None:
    done = run(python, "-m", "bdhvs", "check", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)


@pytest.fixture
def served(python: Path, tmp_path: Path) -> Iterator[dict[str, str]]:
    command = [str(python), "-m", "bdhvs", "serve", "data", "--host", "127.0.0.1", "--json"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
            process.wait()


def test_a_class_runs_from_the_installed_wheel(served: dict[str, str]) -> None:
    with urllib.request.urlopen(served["join_url"]) as page:
        assert served["code"] in page.read().decode()


def test_without_extras_the_missing_one_is_named_with_the_line_to_type(python: Path, tmp_path: Path) -> None:
    assert run(python, "-c", "import pandas", cwd=tmp_path).returncode != 0
    done = run(python, "-c", "import bdhvs; bdhvs.responses('data')", cwd=tmp_path)
    assert 'pip install "bdhvs[research]"' in done.stderr
    done = run(python, "-m", "bdhvs", "results", "data", "--out", "x.parquet", cwd=tmp_path)
    assert done.returncode == 1
    assert 'pip install "bdhvs[research]"' in done.stderr
    assert "Traceback" not in done.stderr
    done = run(python, "-m", "bdhvs", "export", "data", "out", cwd=tmp_path)
    assert (done.returncode, done.stderr.strip()) == (1, 'bdhvs: pyarrow is not installed. Type: pip install "bdhvs[research]"')


def test_the_templates_lie_where_voila_and_nbconvert_look(python: Path) -> None:
    share = python.parents[1] / "share" / "jupyter"
    assert (share / "voila" / "templates" / "bdhvs").is_dir()
    assert (share / "nbconvert" / "templates" / "bdhvs_light" / "index.html.j2").is_file()
