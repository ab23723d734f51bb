"""The gallery of pictures, docs/gallery.md, made by running each on invented answers: ``python -m bdhvs.analysis.gallery docs``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any, NamedTuple

from bdhvs.analysis import (
    alike_report,
    band_shares,
    before_after,
    dimensions,
    fairness,
    item_report,
    odd_patterns,
    overconfidence,
    pictures,
    plot_changes,
    plots,
    rapid_report,
    reliability_report,
    subscores,
    targeting,
)
from bdhvs.analysis.invented import (
    COPIED_BY,
    HARDER_FOR_OLDER,
    MARK,
    WRONG_KEY,
    invented_groups,
    invented_responses,
    invented_scores,
)
from bdhvs.analysis.matrices import score_matrix
from bdhvs.analysis.pictures import simulation
from bdhvs.analysis.pictures.categories import categories_in_words
from bdhvs.analysis.pictures.confidence import overconfidence_in_words, sureness_in_words
from bdhvs.analysis.pictures.information import information_in_words
from bdhvs.analysis.pictures.item_curves import item_curves_in_words
from bdhvs.analysis.pictures.options import options_in_words
from bdhvs.analysis.pictures.reliability import reliability_in_words
from bdhvs.analysis.pictures.wright_map import wright_map_in_words
from bdhvs.analysis.programme_words import plan_sentence
from bdhvs.analysis.scales import Scale, scale
from bdhvs.bank.loader import Bank
from bdhvs.programme.survey import SurveyPlan, survey_plan
from bdhvs.service.adaptive_versions import engine_of, version_with
from bdhvs.service.imagined_bank import imagined_items

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from bdhvs.measurement.simulation import AdaptiveRun, FixedRun

DRAWS = 99
PLACEMENT, IMAGINED = "xep-lop", 300  # the form taken, and how many items it chooses from
PAGE_SIGNS = 150  # a line of the page
KEY_ITEM, STEPS_ITEM = f"{MARK}-{WRONG_KEY:02d}", f"{MARK}-06@1"
CURVES = [f"{MARK}-01@1", f"{MARK}-{HARDER_FOR_OLDER:02d}@1", f"{MARK}-25@1"]
ABOUT = f"""# Gallery

Every picture for researchers, made by running it (`make gallery`) on **invented answers**: 400 learners who do not exist, in ten classes
(`bdhvs.analysis.invented`). Nothing here is a result. Some things were put in to be found: task {HARDER_FOR_OLDER} is harder for people over 60,
task {WRONG_KEY} has a wrong key, 4 in 100 learners rush, learner {COPIED_BY} copied.
Their mark, **DỮ LIỆU GIẢ LẬP**, stands on every picture and before its words. The last pictures are of a formula and of simulated learners.

```python
import bdhvs
from bdhvs.analysis import pictures, alike_report, band_shares, dimensions, fairness, item_report  # and so on
from bdhvs.analysis.matrices import score_matrix
from bdhvs.analysis.scales import scale

frame = bdhvs.responses("bdhvs-data")          # or a table `responses` of a dataset
measured = scale(score_matrix(frame))          # or scale(…, items) with a calibration of the bank
pictures.plot_wright_map(measured)             # ax=… draws on axes of yours; lang="en" for English
```
Pictures are in greys, with marks, dashes and hatches, so that they survive a photocopier and colour blindness. Under each stands its text
alternative, made from the same numbers.
"""


class Invented:
    """Everything the pictures are drawn from, made when it is first asked for."""

    def __init__(self, learners: int = 400, draws: int = DRAWS) -> None:
        self.learners, self.draws = learners, draws

    @cached_property
    def frame(self) -> pd.DataFrame:
        return invented_responses(self.learners)

    @cached_property
    def one_class(self) -> pd.DataFrame:
        rooms = self.frame["classroom"].astype("str")
        return self.frame[rooms == min(rooms)]

    @cached_property
    def groups(self) -> dict[str, dict[str, str]]:
        return invented_groups(self.learners)

    @cached_property
    def scale(self) -> Scale:
        return scale(score_matrix(self.frame))

    @cached_property
    def options(self) -> pd.DataFrame:
        return item_report.option_report(self.frame)

    @cached_property
    def reliability(self) -> pd.DataFrame:
        return reliability_report.reliability_report(self.frame, resamples=self.draws)

    @cached_property
    def dimensions(self) -> dimensions.Dimensions:
        return dimensions.dimensions(self.frame, draws=self.draws)

    @cached_property
    def subscores(self) -> pd.DataFrame:
        return subscores.subscores(self.frame)

    @cached_property
    def fairness(self) -> pd.DataFrame:
        return fairness.fairness(self.frame, self.groups)

    @cached_property
    def patterns(self) -> pd.DataFrame:
        return odd_patterns.odd_patterns(self.scale)

    @cached_property
    def rapid(self) -> rapid_report.RapidReport:
        return rapid_report.rapid_report(self.frame, draws=self.draws)

    @cached_property
    def alike(self) -> pd.DataFrame:
        return alike_report.alike_report(self.frame)

    @cached_property
    def sureness(self) -> pd.DataFrame:
        return overconfidence.sureness(self.frame, self.groups["age"])

    @cached_property
    def overconfidence(self) -> pd.DataFrame:
        return overconfidence.overconfidence(self.frame, self.groups["age"])

    @cached_property
    def bands(self) -> pd.DataFrame:
        return band_shares.band_shares(invented_scores(self.learners))

    @cached_property
    def plan(self) -> SurveyPlan:
        return survey_plan(0.05, population=12_000, per_cluster=20, response_rate=0.8)

    @cached_property
    def simulated(self) -> tuple[AdaptiveRun, dict[str, FixedRun]]:
        """The placement form over an imagined bank, taken by simulated learners, and a fixed form beside it."""
        import numpy as np

        from bdhvs.measurement.adaptive.fixed import fixed_form
        from bdhvs.measurement.grids import Normal
        from bdhvs.measurement.simulation import Learners, draw_learners, take_adaptive, take_fixed

        bank = Bank.load()
        form = engine_of(version_with(bank.form(PLACEMENT), imagined_items(IMAGINED, bank.framework)))
        abilities, _ = draw_learners([Learners(self.learners, -0.3, 1.3)], 1)
        places = fixed_form(form, Normal(-0.3, 1.3), 2 * form.rules.maximum, "spread")
        run = take_adaptive(form, np.asarray(abilities), 1, counting=False)
        return run, {"spread": take_fixed(form, places, abilities, 1)}

    @cached_property
    def changes(self) -> pd.DataFrame:
        """The first two classes, as if they were one before and another after."""
        rooms = self.frame["classroom"].astype("str")
        first, second = sorted(rooms.unique())[:2]
        return before_after.two_classes(self.frame[rooms == first], self.frame[rooms == second])


class Entry(NamedTuple):
    """One picture: how it is called in code, drawn, and said."""

    name: str  # of the function
    title: str
    code: str
    draw: Callable[..., Axes]  # Invented, ax=, lang=
    words: Callable[[Invented, str], str]


def _fairness_in_words(table: pd.DataFrame, variable: str, lang: str) -> str:
    return fairness.in_words(table[table["variable"] == variable], lang)


def _entry(
    plot: Callable[..., Any], title: str, code: str, given: Callable[[Invented], tuple[Any, ...]], words: Any
) -> Entry:
    def draw(made: Invented, **more: Any) -> Any:
        return plot(*given(made), **more)

    return Entry(plot.__name__, title, code, draw, lambda made, lang: words(*given(made), lang=lang))


ENTRIES: tuple[Entry, ...] = (
    _entry(
        plots.plot_domain_scores,
        "Scores by domain",
        "plots.plot_domain_scores(frame)",
        lambda made: (made.one_class,),
        plots.domain_scores_in_words,
    ),
    _entry(
        plots.plot_item_difficulty,
        "How hard the items were",
        "plots.plot_item_difficulty(frame)",
        lambda made: (made.frame,),
        plots.item_difficulty_in_words,
    ),
    _entry(
        plots.plot_item_times,
        "Time on each item",
        "plots.plot_item_times(frame)",
        lambda made: (made.frame,),
        plots.item_times_in_words,
    ),
    _entry(
        pictures.plot_options,
        "Option curves",
        "pictures.plot_options(item_report.option_report(frame), item)",
        lambda made: (made.options, KEY_ITEM),
        options_in_words,
    ),
    _entry(
        pictures.plot_reliability,
        "Reliability",
        "pictures.plot_reliability(reliability_report.reliability_report(frame))",
        lambda made: (made.reliability,),
        reliability_in_words,
    ),
    _entry(
        pictures.plot_scree,
        "Dimensions",
        "pictures.plot_scree(dimensions.dimensions(frame))",
        lambda made: (made.dimensions,),
        dimensions.in_words,
    ),
    _entry(
        pictures.plot_subscores,
        "Worth of domain scores",
        "pictures.plot_subscores(subscores.subscores(frame))",
        lambda made: (made.subscores,),
        subscores.in_words,
    ),
    _entry(
        pictures.plot_wright_map,
        "Wright map",
        "pictures.plot_wright_map(measured)",
        lambda made: (made.scale,),
        wright_map_in_words,
    ),
    _entry(
        pictures.plot_item_curves,
        "Item characteristic curves",
        "pictures.plot_item_curves(measured, items)",
        lambda made: (made.scale, CURVES),
        item_curves_in_words,
    ),
    _entry(
        pictures.plot_categories,
        "Category curves",
        "pictures.plot_categories(measured, item)",
        lambda made: (made.scale, STEPS_ITEM),
        categories_in_words,
    ),
    _entry(
        pictures.plot_information,
        "Information",
        "pictures.plot_information(measured)",
        lambda made: (made.scale,),
        information_in_words,
    ),
    _entry(
        pictures.plot_targeting,
        "Test and learners",
        "pictures.plot_targeting(measured)",
        lambda made: (made.scale,),
        targeting.in_words,
    ),
    _entry(
        pictures.plot_patterns,
        "Person fit",
        "pictures.plot_patterns(odd_patterns.odd_patterns(measured))",
        lambda made: (made.patterns,),
        odd_patterns.in_words,
    ),
    _entry(
        pictures.plot_rapid,
        "Rapid answers",
        "pictures.plot_rapid(rapid_report.rapid_report(frame))",
        lambda made: (made.rapid,),
        rapid_report.in_words,
    ),
    _entry(
        pictures.plot_alike,
        "Answers alike",
        "pictures.plot_alike(alike_report.alike_report(frame))",
        lambda made: (made.alike,),
        alike_report.in_words,
    ),
    _entry(
        pictures.plot_fairness,
        "Fairness",
        "pictures.plot_fairness(fairness.fairness(frame, {'age': groups}), 'age')",
        lambda made: (made.fairness, "age"),
        _fairness_in_words,
    ),
    _entry(
        pictures.plot_sureness,
        "Sureness",
        "pictures.plot_sureness(overconfidence.sureness(frame, groups), '4.1')",
        lambda made: (made.sureness, "4.1"),
        sureness_in_words,
    ),
    _entry(
        pictures.plot_overconfidence,
        "Over-confidence",
        "pictures.plot_overconfidence(overconfidence.overconfidence(frame, groups))",
        lambda made: (made.overconfidence,),
        overconfidence_in_words,
    ),
    _entry(
        pictures.plot_band_shares,
        "Bands",
        "pictures.plot_band_shares(band_shares.band_shares(scores))",
        lambda made: (made.bands,),
        band_shares.in_words,
    ),
    _entry(
        pictures.plot_survey,
        "Size of a survey",
        "pictures.plot_survey(survey_plan(0.05, population=12_000))",
        lambda made: (made.plan,),
        plan_sentence,
    ),
    _entry(
        pictures.plot_lengths,
        "What if an adaptive form went live: length",
        "pictures.plot_lengths(run)",
        lambda made: made.simulated[:1],
        simulation.lengths_in_words,
    ),
    _entry(
        pictures.plot_exposure,
        "… who meets each item",
        "pictures.plot_exposure(run)",
        lambda made: made.simulated[:1],
        simulation.exposure_in_words,
    ),
    _entry(
        pictures.plot_success,
        "… success on the way",
        "pictures.plot_success(run)",
        lambda made: made.simulated[:1],
        simulation.success_in_words,
    ),
    _entry(
        pictures.plot_accuracy,
        "… beside a fixed form",
        "pictures.plot_accuracy(run, {name: fixed})",
        lambda made: made.simulated,
        simulation.accuracy_in_words,
    ),
    _entry(
        plot_changes.plot_changes,
        "Before and after",
        "plot_changes.plot_changes(before_after.before_after(before, after))",
        lambda made: (made.changes,),
        plot_changes.changes_in_words,
    ),
)


def make(folder: Path, made: Invented) -> None:
    """Write gallery.md and pictures/*.svg into `folder`."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    page = [ABOUT]
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "bdhvs", "font.family": "DejaVu Sans"}):
        for one in ENTRIES:
            one.draw(made, lang="vi")
            plt.savefig(folder / "pictures" / f"{one.name}.svg", metadata={"Date": None})
            plt.close("all")
            words = [fill(one.words(made, lang), PAGE_SIGNS, break_long_words=False) for lang in ("vi", "en")]
            picture = f"![{one.title}](pictures/{one.name}.svg)"
            page.append(f"## {one.title}\n`{one.code}`\n\n{picture}\n\n{words[0]}\n\n*{words[1]}*\n")
    (folder / "gallery.md").write_text("\n".join(page), "utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]), Invented())
