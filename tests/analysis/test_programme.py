"""The programme view on an invented province whose truth is known: numbers, sentences, pages, and what is never said."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("pyarrow")
pd = pytest.importorskip("pandas")
matplotlib = pytest.importorskip("matplotlib")

from click.testing import CliRunner  # noqa: E402

from bdhvs.analysis import plot_programme, programme, programme_words, synthetic  # noqa: E402
from bdhvs.analysis.programme_view import ProgrammeView, programme_view  # noqa: E402
from bdhvs.analysis.province_items import item_facts  # noqa: E402
from bdhvs.bank.loader import Bank  # noqa: E402
from bdhvs.bank.places import load_places  # noqa: E402
from bdhvs.cli import commands  # noqa: E402
from bdhvs.dataset.reading import Dataset, open_dataset  # noqa: E402
from bdhvs.programme.recipe import read_recipe  # noqa: E402
from bdhvs.programme.synthetic import simulate_province  # noqa: E402
from bdhvs.programme.targets import read_targets  # noqa: E402

ROOT = Path(__file__).parents[2]
ASSESSMENTS = ROOT / "assessments"
TARGETS = read_targets(ASSESSMENTS)


@pytest.fixture(scope="module", autouse=True)
def _no_screen() -> None:
    matplotlib.use("agg")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    out = tmp_path_factory.mktemp("province") / "out"
    bank = Bank.load(ROOT)
    numbers: dict[str, Any] = {"communes": 5, "adults": 4000, "measured": 0.35, "processes": 1}
    simulate_province(out, read_recipe(ASSESSMENTS), item_facts(bank), bank="thu", **numbers)
    return open_dataset(out)


@pytest.fixture(scope="module")
def people(data: Dataset) -> Any:
    return programme.standings(data, TARGETS.measures["basic"])


@pytest.fixture(scope="module")
def table(data: Dataset, people: Any) -> Any:
    return programme.by_commune(people, *programme.known_places(data))


@pytest.fixture(scope="module")
def weeks(people: Any) -> Any:
    return programme.weekly(people)


@pytest.fixture(scope="module")
def view(data: Dataset) -> ProgrammeView:
    return programme_view(data, content=ROOT)


def test_standings_are_those_of_the_newest_scores(data: Dataset, people: Any) -> None:
    scores = data.table("scores").to_pandas()
    newest = scores[scores["newest"]]
    enough = newest["tasks"].ge(3).groupby(newest["learner"]).sum() >= 4
    enough = enough[enough]  # an older score speaks where the newest rests on too little
    by_hand = (newest.groupby("learner")["at_least"].count() >= 4)[enough.index]
    mine = people.set_index("learner")
    assert mine.loc[by_hand.index, "reached"].astype(bool).equals(by_hand.rename("reached"))
    assert mine.loc[enough.index, "scored"].all()
    assert mine["scored"].sum() < len(mine)
    assert mine.loc[~mine["scored"], "reached"].isna().all()
    assert list(people.columns) == list(programme.PEOPLE_COLUMNS)
    entry = programme.standings(data, TARGETS.measures["device"])
    gates = newest.groupby("learner")["gate"].first().eq("open")
    assert entry.set_index("learner").loc[gates.index, "reached"].astype(bool).equals(gates.rename("reached"))


def test_the_past_can_be_looked_at_as_it_was(data: Dataset, people: Any) -> None:
    then = programme.standings(data, TARGETS.measures["basic"], until="2026-06-30")
    assert 0 < len(then) < len(people)
    assert then["first_day"].max() <= pd.Timestamp("2026-06-30")
    later = people.set_index("learner").loc[then["learner"], "reached_day"].to_numpy()
    known = then["reached_day"].notna().to_numpy()
    assert (then["reached_day"].to_numpy()[known] == later[known]).all()


def test_what_only_the_state_confirms_cannot_be_measured(data: Dataset) -> None:
    with pytest.raises(ValueError, match="Only the state's platform"):
        programme.standings(data, TARGETS.measures["state"])


def test_communes_add_up_and_say_of_whom_they_speak(table: Any, people: Any, data: Dataset) -> None:
    parts, whole = table[table["commune"] != programme.WHOLE], table.iloc[-1]
    assert parts["measured"].sum() == whole["measured"] == people["scored"].sum()
    assert parts["adults"].sum() == whole["adults"] == 4000
    assert (parts["low"] < parts["share"]).all()
    assert (parts["share"] < parts["high"]).all()
    assert (whole["high"] - whole["low"]) < (parts["high"] - parts["low"]).min()
    assert whole["least"] == pytest.approx(whole["coverage"] * whole["share"])
    # Whoever the others are: the truth, which asks less than certainty, is no lower than the least.
    truth = {one["code"]: one["truth"][3] for one in data.manifest.about["places"]}
    assert (parts["least"] <= parts["commune"].map(truth)).all()
    assert (parts["commune"].map(truth) <= parts["most"]).all()


def test_so_few_people_that_one_might_be_known_get_no_share(people: Any) -> None:
    code = people["commune"].cat.categories[0]
    few = people[people["commune"] != code]
    few = pd.concat([few, people[people["commune"] == code].head(9)])
    few.attrs = people.attrs
    row = programme.by_commune(few).set_index("commune").loc[code]
    assert not row["told"]
    assert row[["share", "low", "high", "least", "most"]].isna().all()
    assert pd.isna(row["reached"])


def test_the_census_takes_away_what_age_and_sex_brought_in(people: Any, data: Dataset) -> None:
    census: dict[str, float] = {}
    for place in data.manifest.about["places"]:
        for cell, count in place["census"].items():
            census[cell] = census.get(cell, 0) + count
    share, represented, unseen = programme.weighted_by_census(people, census)
    told = people[people["scored"] & people["age_band"].notna() & people["sex"].notna()]
    by_hand = told.groupby([told["age_band"].astype(str), told["sex"].astype(str)])["reached"].mean()
    wanted = sum(census[f"{age}/{sex}"] * value for (age, sex), value in by_hand.items())
    assert share.share == pytest.approx(wanted / sum(census[f"{age}/{sex}"] for age, sex in by_hand.index), abs=1e-9)
    assert represented > 0.95
    assert all(cell in census for cell in unseen)


def test_weeks_count_everybody_once(weeks: Any, people: Any) -> None:
    last = weeks.groupby("commune").last()
    assert last["came_so_far"].sum() == (people["first_day"] < weeks["week"].max() + pd.Timedelta(days=7)).sum()
    assert last["reached_so_far"].sum() <= people["reached_day"].notna().sum()
    assert (weeks["week"].dt.day_of_week == 0).all()
    assert weeks.groupby("commune").size().nunique() == 1


def test_plans_stand_beside_what_was_measured(data: Dataset, people: Any) -> None:
    both = {"basic": people, "device": programme.standings(data, TARGETS.measures["device"])}
    held = programme.against_targets(both, TARGETS, load_places(), adults=4000)
    assert set(held["place"]) == {"Toàn quốc"}
    adults = held[(held["group"] == "Người dân trưởng thành") & (held["year"] == 2026)].iloc[0]
    assert (adults["planned"], adults["measured"]) == (1.0, people["scored"].sum())
    moved = {name: one.assign(province=pd.Categorical(["48"] * len(one))) for name, one in both.items()}
    da_nang = programme.against_targets(moved, TARGETS, load_places())
    assert "Quảng Nam" in set(da_nang["place"])
    english = programme.against_targets(moved, TARGETS, load_places(), lang="en")
    assert {"Quảng Nam province", "whole country"} <= set(english["place"])
    assert programme_words.place_name("Tỉnh Quảng Ninh", "en") == "Quảng Ninh province"
    assert programme_words.place_name("Xã Hoa Sớm (giả lập)", "en") == "Hoa Sớm commune (synthetic)"
    thanh_hoa = {name: one.assign(province=pd.Categorical(["38"] * len(one))) for name, one in both.items()}
    planned = programme.against_targets(thanh_hoa, TARGETS, load_places()).set_index("place")
    assert not planned.loc["Xã Thọ Xuân, Thanh Hóa", "told"].dropna().any()  # a commune nobody of whom is in the data
    state = da_nang[da_nang["measure"].str.contains("VNeID")]
    assert len(state) == 1
    assert state[["measured", "share", "low", "high"]].isna().all(axis=None)
    said = programme_words.target_sentence(state.iloc[0].to_dict())
    assert said.endswith("Ở đây không đo: chỉ nền tảng của Nhà nước mới xác nhận việc này.")


def test_helpers_and_households_stand_beside_their_aims(data: Dataset, view: ProgrammeView) -> None:
    table = programme.movement(data)
    rows = data.table("movement").to_pylist()
    assert [row["commune"] for row in rows] == list(table["commune"])[:-1]
    whole = view.movement_of(programme.WHOLE)
    assert whole["ambassadors"] == sum(row["ambassadors"] or 0 for row in rows) > 0
    judged = [row for row in rows if row["households_reached"] is not None]
    assert whole["households_judged"] == sum(row["households"] for row in judged) > 0
    assert whole["households_reached"] == sum(row["households_reached"] for row in judged)
    assert "facilitators" not in whole
    said = " ".join(programme_words.movement_sentences(whole, TARGETS))
    assert f"ít nhất {whole['ambassadors']} người" in said
    assert "từ 5 người trở lên" in said
    assert "100\N{NO-BREAK SPACE}%" in said
    assert said in " ".join(plot_programme.page_words(view, programme.WHOLE))
    assert TARGETS.movement.ambassadors.people == Bank.load(ROOT).framework.ambassador.people
    assert programme_words.movement_sentences({}, TARGETS) == []
    few = programme_words.movement_sentences({"households": 12}, TARGETS, "en")
    assert few == [
        "Digital families: 12 have come together in class. How many have somebody who can do the five things is not told, as the numbers are small."
    ]
    past = programme_view(data, content=ROOT, until="2026-06-30")
    assert past.movement_of(programme.WHOLE) == {}  # the counts are as of the export


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_says_everything_in_words_and_that_it_is_invented(
    view: ProgrammeView, tmp_path: Path, lang: str
) -> None:
    code = view.table["commune"].iloc[0]
    page = plot_programme.save_page(plot_programme.plot_week(view, code, lang=lang), tmp_path / "week.svg")
    words = plot_programme.page_words(view, code, lang)
    text = page.read_text("utf-8")
    assert all(one.replace("'", "&apos;")[:30] in text or one[:30] in text for one in words[1:])
    figure = plot_programme.plot_week(view, code, lang=lang)
    shown = " ".join(one.get_text() for one in figure.texts)
    assert synthetic.mark(lang) in shown
    renderer = figure.canvas.get_renderer()
    spaces = [one.get_window_extent(renderer) for one in figure.texts]
    assert all(box.x1 <= figure.bbox.x1 and box.y0 >= 0 for box in spaces)  # nothing runs off the page
    assert not any(a.overlaps(b) for at, a in enumerate(spaces) for b in spaces[at + 1 :])
    matplotlib.pyplot.close(figure)
    side = plot_programme.plot_communes(view, lang=lang)
    assert synthetic.mark(lang) in side.get_suptitle()
    matplotlib.pyplot.close(side)


def test_real_data_carry_no_mark(view: ProgrammeView) -> None:
    real = view.table.copy()
    real.attrs = {"synthetic": False}
    figure = plot_programme.plot_week(replace(view, table=real), real["commune"].iloc[0])
    assert synthetic.mark("vi") not in " ".join(one.get_text() for one in figure.texts)
    matplotlib.pyplot.close(figure)


def test_nobody_is_ever_said_to_be_confirmed_on_vneid(data: Dataset) -> None:
    for lang, denied in (
        ("vi", r"không phải|Ở đây không đo|chỉ nền tảng"),
        ("en", r"not the state's|Not measured|only the state"),
    ):
        done = CliRunner().invoke(commands, ["programme", str(data.folder), "--lang", lang])
        assert done.exit_code == 0, done.output
        sentences = [
            one
            for one in re.split(r"(?<=[.:;])\s|\n", done.output)
            if "VNeID" in one or "confirm" in one or "xác nhận" in one
        ]
        assert sentences
        assert all(re.search(denied, one) for one in sentences), sentences
    sources = [
        *ROOT.glob("bdhvs/programme/*.py"),
        *ROOT.glob("bdhvs/analysis/*programme*.py"),
        ROOT / "docs" / "programme.md",
    ]
    for path in sources:
        text = path.read_text("utf-8")
        for found in re.finditer("VNeID", text):
            around = text[max(0, found.start() - 160) : found.end() + 80]
            assert re.search(r"\b(not|[Oo]nly|[Nn]ever|[Kk]hông|[Cc]hỉ)\b", around), f"{path.name}: {around}"


def test_the_command_reads_a_census_and_names_its_mistakes(data: Dataset, tmp_path: Path) -> None:
    census = tmp_path / "dan-so.csv"
    census.write_text("commune,adults,name\n90001,1.200,Xã Một\n90002,900,Xã Hai\n", "utf-8")
    done = CliRunner().invoke(commands, ["programme", str(data.folder), "--adults", str(census), "--json"])
    rows = {row["commune"]: row for row in json.loads(done.output)}
    assert (rows["90001"]["adults"], rows["90001"]["name"]) == (1200, "Xã Một")
    assert all(row["synthetic"] for row in rows.values())
    census.write_text("commune,adults\n90001,nhiều\n", "utf-8")
    done = CliRunner().invoke(commands, ["programme", str(data.folder), "--adults", str(census)])
    assert "expected a code that comes once and a whole number" in str(done.exception)
    done = CliRunner().invoke(commands, ["programme", str(data.folder), "--commune", "12345"])
    assert "90001" in str(done.exception)


def test_another_measure_one_domain_and_a_quiet_week_can_be_asked_for(data: Dataset, view: ProgrammeView) -> None:
    def asked(*more: str) -> Any:
        return CliRunner().invoke(commands, ["programme", str(data.folder), *more])

    device = asked("--measure", "device")
    assert "chắc chắn dùng được điện thoại, máy tính" in device.output
    safety = programme_view(data, content=ROOT, domain="4")
    scores = data.table("scores").to_pandas()
    newest = scores[scores["newest"] & (scores["domain"] == "4") & (scores["tasks"] >= 3)]
    own = safety.table.set_index("commune").loc[programme.WHOLE]
    # Somebody whose newest score rests on too few tasks is judged by an older one: a few more are measured.
    assert newest["learner"].nunique() <= own["measured"]
    assert own["share"] == pytest.approx(newest["at_least"].notna().mean(), abs=0.02)
    assert safety.can("en") == "have the basic skills in Safety"
    named = asked("--measure", "state")
    assert "Only the state's platform" in str(named.exception)
    assert "basic, device" in str(named.exception)
    assert "expected one of 1, 2, 3, 4, 5, 6" in str(asked("--domain", "7").exception)
    assert "not taken domain by domain" in str(asked("--measure", "device", "--domain", "4").exception)
    last = view.weeks["week"].max().date()
    coming = [f"--quiet={last + pd.Timedelta(days=7 * ahead)}" for ahead in range(1, 9)]
    stopped = asked("--lang", "en", *coming).output
    now = re.search(r"So far (\d+) people", stopped)
    assert now
    assert f"it will be {now[1]} to {now[1]} in 8 weeks" in stopped  # nothing is left of any of them
    assert asked("--quiet", "2026-02-17=1.5").exit_code == 2
    assert "2026-02-17=0.4" in asked("--quiet", "tet").output
    assert "expected a day from" in asked("--quiet", "2020-02-17").output


def test_the_survey_command_says_it_in_a_sentence() -> None:
    done = CliRunner().invoke(commands, ["survey", "--adults", "12000"])
    assert "12.000 người lớn" in done.output
    assert "±5 điểm" in done.output
    numbers = json.loads(CliRunner().invoke(commands, ["survey", "--each", "1", "--answering", "100", "--json"]).output)
    assert numbers["respondents"] == 385
