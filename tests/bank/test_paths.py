from __future__ import annotations

from pathlib import Path

import pytest

from bdhvs.bank import paths
from bdhvs.bank.paths import find_content
from bdhvs.errors import SetupError


def home(folder: Path) -> Path:
    (folder / "assessments" / "items" / "4.2").mkdir(parents=True)
    return folder.resolve()


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory without content, no variable, and no copy that came with the package."""
    (tmp_path / "nowhere").mkdir()
    monkeypatch.chdir(tmp_path / "nowhere")
    monkeypatch.delenv(paths.HOME_VARIABLE, raising=False)
    monkeypatch.setattr(paths, "_SHIPPED", (tmp_path / "installed", tmp_path / "checkout"))


def test_the_argument_comes_before_the_variable_the_folder_and_the_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = {name: home(tmp_path / name) for name in ("said", "variable", "here", "installed", "checkout")}
    monkeypatch.chdir(places["here"])
    monkeypatch.setenv(paths.HOME_VARIABLE, str(places["variable"]))
    assert find_content(places["said"]).assessments.parent == places["said"]
    assert find_content().assessments.parent == places["variable"]
    monkeypatch.delenv(paths.HOME_VARIABLE)
    assert find_content().assessments.parent == places["here"]
    monkeypatch.chdir(tmp_path / "nowhere")
    assert find_content().assessments.parent == tmp_path / "installed"
    (tmp_path / "installed").rename(tmp_path / "gone")
    assert find_content().assessments.parent == tmp_path / "checkout"


def test_the_argument_may_be_the_folder_itself_or_anything_inside(tmp_path: Path) -> None:
    place = home(tmp_path / "a")
    for given in ("", "assessments", "assessments/items", "assessments/items/4.2"):
        assert find_content(place / given).assessments == place / "assessments"
    assert find_content(place).notebooks == place / "notebooks"


def test_a_wrong_argument_or_variable_is_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home(tmp_path / "installed")
    with pytest.raises(SetupError, match="found no assessments/items here"):
        find_content(tmp_path / "nowhere")
    with pytest.raises(SetupError, match="found no assessments/items here"):
        find_content(tmp_path / "installed" / "assessments" / "items" / "misspelt.yaml")
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "nowhere"))
    with pytest.raises(SetupError, match="BDHVS_HOME is"):
        find_content()


def test_nothing_anywhere_says_what_to_do() -> None:
    with pytest.raises(SetupError, match="set BDHVS_HOME"):
        find_content()


def test_a_school_with_items_of_its_own_uses_the_shipped_framework(tmp_path: Path) -> None:
    content = find_content(home(tmp_path / "school"))
    shipped = tmp_path / "installed" / "assessments" / "framework"
    shipped.mkdir(parents=True)
    assert content.framework == shipped
    content.assessments.joinpath("framework").mkdir()
    assert content.framework == content.assessments / "framework"
