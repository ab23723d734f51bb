"""The invented province: whole, marked, repeatable, and with what it was told to have in it."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("pyarrow")
pd = pytest.importorskip("pandas")

from bdhvs.analysis.province_items import item_facts  # noqa: E402
from bdhvs.bank.loader import Bank  # noqa: E402
from bdhvs.dataset.reading import Dataset, open_dataset  # noqa: E402
from bdhvs.errors import DataFileError, DatasetError  # noqa: E402
from bdhvs.programme import synthetic  # noqa: E402
from bdhvs.programme.recipe import FILE, Recipe, read_recipe  # noqa: E402
from bdhvs.programme.synthetic_items import ItemFacts, supposed_numbers  # noqa: E402
from bdhvs.programme.synthetic_people import plan_communes  # noqa: E402

ASSESSMENTS = Path(__file__).parents[2] / "assessments"


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    return read_recipe(ASSESSMENTS)


@pytest.fixture(scope="module")
def facts() -> list[ItemFacts]:
    return item_facts(Bank.load(ASSESSMENTS.parent))


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory, recipe: Recipe, facts: list[ItemFacts]) -> Dataset:
    """6 communes, 4,000 adults of whom about a third came."""
    out = tmp_path_factory.mktemp("province") / "out"
    numbers: dict[str, Any] = {"communes": 6, "adults": 4000, "measured": 0.35, "seed": 5}
    synthetic.simulate_province(out, recipe, facts, bank="thu", processes=1, **numbers)
    return open_dataset(out, verify="full")


@pytest.fixture(scope="module")
def responses(province: Dataset) -> Any:
    return province.table("responses").to_pandas()


def test_it_says_everywhere_that_it_is_invented(province: Dataset) -> None:
    assert province.manifest.synthetic
    assert synthetic.MARK_VI in str(province.manifest.about["warning"])
    assert synthetic.MARK_VI in (province.folder / "dictionary.md").read_text("utf-8")
    assert set(province.table("scores")["synthetic"].to_pylist()) == {True}
    official = set((ASSESSMENTS / "places" / "provinces.yaml").read_text("utf-8").split('"'))
    provinces = set(province.table("learners")["province"].to_pylist())
    assert provinces == {"00"}
    assert not provinces & official
    assert all(
        "giả lập" in place["name"] and int(place["code"]) > 33_000 for place in province.manifest.about["places"]
    )


def test_each_commune_is_the_same_whoever_makes_it_and_when(
    province: Dataset, recipe: Recipe, facts: list[ItemFacts], tmp_path: Path
) -> None:
    task = synthetic._Task(tmp_path, recipe, supposed_numbers(facts, recipe, 60, 5), "thu", 5)
    task = pickle.loads(pickle.dumps(task))  # as another process gets it
    commune = plan_communes(recipe, 6, 4000, 0.35, 5)[3]
    made = synthetic.make_commune(task, commune)
    whole = {part.path: part.sha256 for part in province.manifest.files}
    assert made.parts
    assert all(whole[part.path] == part.sha256 for part in made.parts)


def test_learners_rows_and_silences_hang_together(province: Dataset, responses: Any) -> None:
    learners = province.table("learners").to_pandas()
    assert sorted(responses["learner"].unique()) == sorted(learners["learner"])
    assert responses.groupby("attempt")["learner"].nunique().max() == 1
    assert len(responses) / len(learners) == pytest.approx(60, rel=0.1)
    silent = responses["outcome"] != "answered"
    assert responses.loc[silent, ["score", "verdict", "option", "response"]].isna().all(axis=None)
    assert (responses.loc[silent, "try"] == 0).all()
    assert responses.loc[~silent, ["score", "verdict"]].notna().all(axis=None)
    assert (responses["score"].dropna() <= responses.loc[responses["score"].notna(), "max"]).all()
    assert responses[responses["last"]].groupby(["attempt", "position"]).size().eq(1).all()
    assert set(responses["outcome"]) == {"answered", "skipped", "not_reached", "cut_off"}
    assert responses.loc[responses["outcome"] == "not_reached", "since_start_s"].isna().all()
    known = set(province.table("items")["item"].to_pylist())
    assert set(responses["item"]) <= known


def test_replies_are_worth_what_the_real_items_say(facts: list[ItemFacts]) -> None:
    bank = Bank.load(ASSESSMENTS.parent)
    for one in facts:
        best, *others = one.replies
        assert best.verdict == "right"
        assert best.score == one.maximum
        assert others, one.id
        assert all(reply.verdict != "right" for reply in others), one.id
        if one.kind == "single_choice":
            keys = bank.items[one.id].keys
            assert best.option in keys
            assert not {reply.option for reply in others} & set(keys)


def test_what_the_recipe_puts_in_is_found(province: Dataset, responses: Any, recipe: Recipe) -> None:
    learners = province.table("learners").to_pandas()
    sizes = learners.groupby("classroom").size()
    assert sizes.min() >= recipe.classes.smallest
    assert sizes.mean() == pytest.approx(30, abs=5)
    # Those who told nothing, and those who left out one question.
    untold = recipe.people.untold + (1 - recipe.people.untold) * recipe.people.untold_each
    assert learners["age_band"].isna().mean() == pytest.approx(untold, abs=0.04)
    tests = responses[
        (responses["mode"] == "assessment") & (responses["domain"] != "0") & ~responses["form"].str.endswith("ung")
    ]
    done = tests["verdict"].eq("right").groupby(tests["learner"]).mean()
    by_age = done.groupby(learners.set_index("learner")["age_band"]).mean()
    assert by_age["25_39"] > by_age["40_59"] > by_age["60_74"]
    skipped = tests["outcome"].eq("skipped").groupby(tests["level"]).mean()
    assert skipped[3] > 1.3 * skipped[1]  # not at random
    quick = tests["elapsed_ms"] < 4000
    assert tests.loc[quick, "verdict"].eq("right").mean() < 0.35 < tests.loc[~quick, "verdict"].eq("right").mean()
    both = responses[responses["mode"] == "assessment"].groupby("learner")["attempt"].nunique()
    assert 0.35 < (both == 2).mean() < 0.65


def test_scores_follow_the_abilities_they_are_of_and_grow(province: Dataset) -> None:
    scores = province.table("scores").to_pandas()
    assert scores.groupby("learner")["newest"].sum().eq(6).all()
    named = scores["band"].notna()
    assert (scores.loc[~named | (scores["band"] == "below"), "band"].fillna("below") == "below").all()
    assert scores.loc[scores["at_least"].notna(), "ability"].min() > synthetic.CUTS[0]
    twice = scores[scores.groupby("learner")["attempt"].transform("nunique") == 2].sort_values("attempt")
    means = twice.groupby(["learner", "attempt"])["ability"].mean().groupby("learner")
    # Shrunk towards the mean, so a little less than the recipe's half a logit.
    assert (means.last() - means.first()).mean() == pytest.approx(0.4, abs=0.15)


def test_those_who_come_are_not_the_others_and_the_truth_is_kept(province: Dataset) -> None:
    places = province.manifest.about["places"]
    assert sum(place["adults"] for place in places) == 4000
    for place in places:
        assert sum(place["census"].values()) == place["adults"]
        assert all(more >= less for more, less in zip(place["truth"], place["truth"][1:], strict=False))


def test_numbers_that_do_not_fit_are_refused_before_anything_is_written(
    tmp_path: Path, recipe: Recipe, facts: list[ItemFacts]
) -> None:
    with pytest.raises(ValueError, match="too few"):
        synthetic.simulate_province(tmp_path / "a", recipe, facts, bank="thu", communes=166, adults=100)
    with pytest.raises(ValueError, match="fewer answers"):
        synthetic.simulate_province(tmp_path / "b", recipe, facts, bank="thu", communes=1, adults=100, answers=4000)
    assert not any(tmp_path.iterdir())
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "mine").write_text("x")
    with pytest.raises(DatasetError):
        synthetic.simulate_province(tmp_path / "c", recipe, facts, bank="thu", communes=1, adults=100)


def test_a_number_without_a_why_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).parent.mkdir()
    text = (ASSESSMENTS / FILE).read_text("utf-8")
    (tmp_path / FILE).write_text(text.replace('rural: {value: -0.35, why: "Chosen: logits."}', "rural: -0.35"), "utf-8")
    with pytest.raises(DataFileError, match=r"rural.*one line of why"):
        read_recipe(tmp_path)
