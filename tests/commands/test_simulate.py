"""``bdhvs simulate`` says what an adaptive form would do, where its numbers come from, and what makes it impossible."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("numpy")
pytest.importorskip("scipy")
from click.testing import CliRunner, Result

from bdhvs.bank.calibration import Calibration, ItemEstimate, Sample, write_calibration
from bdhvs.bank.loader import Bank
from bdhvs.bank.paths import Content
from bdhvs.cli import commands
from bdhvs.errors import BankError, NotFound, SetupError
from bdhvs.measurement.simulation import Learners, draw_learners, take_adaptive
from bdhvs.service.adaptive import chooser_of
from bdhvs.service.adaptive_versions import engine_of, version_of

FORM = "xep-lop"
SHIPPED = Bank.load().content.forms / f"{FORM}.yaml"


def simulate(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["simulate", *arguments])


def report(*arguments: str, form: str = FORM) -> dict[str, Any]:
    done = simulate(form, "--json", "--learners", "60", *arguments)
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def draft(tmp_path: Path, old: str = "", new: str = "") -> str:
    """The shipped form as a file outside the bank, changed."""
    text = SHIPPED.read_text("utf-8")
    assert old in text
    path = tmp_path / SHIPPED.name
    path.write_text(text.replace(old, new) if old else text, "utf-8")
    return str(path)


def test_it_takes_the_very_version_that_a_class_would_choose_by() -> None:
    found, bank = report(), Bank.load()
    version = version_of(bank.form(FORM), bank)
    assert found["adaptive_version"] == version.digest
    assert found["form"] == {"id": FORM, "version": bank.form(FORM).version}
    assert found["pool"]["items"] == len(version.details["items"])
    assert (found["rules"]["minimum"], found["rules"]["maximum"]) == (8, 16)
    assert found["counts_kept"] is False  # as the class server


def test_a_simulated_learner_meets_what_a_learner_of_that_seed_meets() -> None:
    bank = Bank.load()
    version = version_of(bank.form(FORM), bank)
    engine = engine_of(version)
    abilities, _ = draw_learners([Learners(5, -0.3, 1.3)], 1)
    run = take_adaptive(engine, abilities, 1, counting=False)
    for row in range(5):
        first = chooser_of(version).first(1 + row, ())
        assert first is not None
        assert engine.pool.items.ids[run.items[row, 0]] == first.id


def test_the_shipped_bank_is_simulated_and_said_to_be_a_guess() -> None:
    found = report()
    notes = " ".join(found["notes"])
    assert "are not calibrated: their level stands for difficulty" in notes
    assert "from each learner's seed alone, as the class server does" in notes
    own, rules = found["adaptive"], found["rules"]
    assert rules["minimum"] <= own["length"] <= rules["maximum"]
    assert 0.4 < own["accuracy"] < 1
    cap = rules["exposure_cap"]
    assert own["exposure"]["max"] < cap + 3.5 * (cap * (1 - cap) / 60) ** 0.5
    assert sum(own["endings"].values()) == 60
    assert {*found["fixed"]} == {"central", "spread"}
    prior = Bank.load().form(FORM).adaptive
    assert prior is not None
    assert (found["learners"][0]["mean"], found["learners"][0]["sd"]) == (prior.prior.mean, prior.prior.sd)


def test_the_same_seed_gives_the_same_numbers() -> None:
    first, again, other = (report("--seed", seed) for seed in ("5", "5", "6"))
    assert first == again
    assert first["adaptive"] != other["adaptive"]


def test_the_table_says_the_same_in_words() -> None:
    done = simulate(FORM, "--imagined", "318", "--learners", "60")
    assert done.exit_code == 0
    for word in ("No item is real", "Right band", "Exposure", "first 8", "Fixed form of", "band 1", "xep-lop, version"):
        assert word in done.output


def test_a_form_in_a_file_need_not_be_in_the_bank(tmp_path: Path) -> None:
    found = report(form=draft(tmp_path, "minimum: 8\n  maximum: 16", "minimum: 5\n  maximum: 9"))
    assert (found["rules"]["minimum"], found["rules"]["maximum"]) == (5, 9)
    assert 5 <= found["adaptive"]["length"] <= 9
    assert found["adaptive_version"] != report()["adaptive_version"]


def test_what_if_lays_other_rules_over_the_form_s_own() -> None:
    found = report("--minimum", "4", "--maximum", "6", "--certainty", "0.7", "--exposure", "0.5")
    rules = found["rules"]
    assert [rules[one] for one in ("minimum", "maximum", "certainty", "exposure_cap")] == [4, 6, 0.7, 0.5]
    assert rules["cuts"] == report()["rules"]["cuts"]  # what is not asked for stays the form's
    assert report("--counts")["counts_kept"] is True


def test_the_coming_bank_lets_the_shipped_form_go_back_to_an_exposure_of_a_quarter() -> None:
    """318 items: twelve for each competence, two of each level, and thirty of the entry module."""
    found = report("--imagined", "318", "--exposure", "0.25", "--learners", "400")
    assert found["pool"]["domains"]["0"] == 30
    assert found["pool"]["items"] == 30 + 24 * 8  # the form takes levels up to 4
    assert found["adaptive"]["exposure"]["max"] < 0.25 + 4 * (0.25 * 0.75 / 400) ** 0.5
    refused = simulate(FORM, "--exposure", "0.25")  # the bank as it is
    if refused.exit_code:
        assert "the lowest exposure cap under which this pool can keep the other rules is" in str(refused.exception)


def test_in_the_coming_bank_beginners_get_most_of_the_first_eight_right() -> None:
    for mean in ("-2", "-1.75", "-1.5"):
        found = report("--imagined", "318", "--exposure", "0.25", "--group", f"beginners:400:{mean}:0")
        assert found["adaptive"]["success_first"] >= 0.55


def test_calibrated_items_replace_the_guess(tmp_path: Path) -> None:
    bank = Bank.load()
    items = tuple(
        ItemEstimate(
            id=name, version=bank.item(name).version, slope=1.4, intercepts=(0.98,), difficulty=-0.7, persons=400
        )
        for name in ("cuoc-goi-xin-ma-otp", "dat-lai-mat-khau-quen")
    )
    known = Calibration(
        version="2026-11-22", date="2026-11-22", program="bdhvs", bank=bank.version, kind="2pl", family="partial_credit", nodes=61,
        sample=Sample(persons=400, answers=800, first="2026-10-01", last="2026-11-01"), loglik=-1.0, converged=True, items=items,
    )  # fmt: skip
    path = write_calibration(Content(tmp_path, tmp_path), known)
    notes = " ".join(report("--calibration", str(path))["notes"])
    assert "2 items with the estimates of calibration 2026-11-22" in notes


def test_groups_are_told_apart() -> None:
    found = report("--group", "elderly:40:-1.5:0.5", "--group", "pupils:30:0.8:0.5")
    rows = {one["who"]: one for one in found["adaptive"]["by"]}
    assert (rows["elderly"]["learners"], rows["pupils"]["learners"]) == (40, 30)
    assert rows["elderly"]["success"] < rows["pupils"]["success"]


def test_pictures_are_written(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    folder = tmp_path / "pictures"
    done = simulate(FORM, "--learners", "60", "--pictures", str(folder))
    assert done.exit_code == 0, done.output
    names = {"lengths.svg", "exposure.svg", "success.svg", "accuracy.svg"}
    assert {path.name for path in folder.iterdir()} == names
    assert all("<svg" in path.read_text("utf-8") for path in folder.iterdir())
    assert "60 người học mô phỏng" in (folder / "lengths.svg").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "error", "said"),
    [
        ("maximum: 16", "maximum: 90", SetupError, "add items, shorten the test or raise the cap"),
        (
            "exposure: 0.",
            "exposure: 0.0",
            SetupError,
            "the lowest exposure cap under which this pool can keep the other rules is 0.",
        ),
        ("certainty: 0.85", "certainty: 0.4", BankError, "certainty: found 0.4, expected more than 0.5"),
        (
            "  enemies:\n",
            "  enemies:\n    - [khong-co-cau-nay, x]\n",
            BankError,
            'item "khong-co-cau-nay" does not exist',
        ),
        ("minimum: 8", "minimun: 8", BankError, 'Did you mean "minimum"?'),
        ("id: xep-lop", "id: xep", BankError, "give both the same name"),
    ],
)
def test_forms_that_cannot_be_are_refused_with_reason(
    tmp_path: Path, old: str, new: str, error: type[Exception], said: str
) -> None:
    done = simulate(draft(tmp_path, old, new))
    assert done.exit_code == 1
    assert isinstance(done.exception, error)
    assert said in str(done.exception)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (("khong-co",), NotFound, "adaptive forms there: xep-lop"),
        (("thu-suc",), SetupError, "is a fixed list, expected an adaptive form"),
        ((FORM, "--minimum", "20"), SetupError, "found minimum 20 above maximum 16"),
        ((FORM, "--certainty", "0.2"), SetupError, "certainty: Input should be greater than 0.5"),
        ((FORM, "--calibration", "none.yaml"), BankError, "none.yaml"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_reason(
    arguments: tuple[str, ...], error: type[Exception], said: str
) -> None:
    done = simulate(*arguments)
    assert done.exit_code == 1
    assert isinstance(done.exception, error)
    assert said in str(done.exception)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((FORM, "--group", "elderly:40"), "expected name:count:mean:sd"),
        ((FORM, "--group", "elderly:0:0:1"), "1 to 100000 learners"),
        ((FORM, "--imagined", "160", "--calibration", "x.yaml"), "no answers to calibrate it by"),
        ((), "Missing argument 'FORM'"),
    ],
)
def test_wrong_arguments_are_refused_with_what_was_found(arguments: tuple[str, ...], said: str) -> None:
    done = simulate(*arguments)
    assert done.exit_code == 2
    assert said in done.output
