"""Adaptive tests: time per choice in a bank of 5,000 items, and items needed for the same share of right bands.

    python benchmarks/adaptive.py                    # all, about five minutes
    python benchmarks/adaptive.py --only timing
    python benchmarks/adaptive.py --only study --learners 2000 --catsim-learners 500

Beside it, when they are installed: catsim (its maximum-information selector) and adaptivetesting (its maximum-information criterion).
Learners, scores, ability estimate and stopping rule are the same for all; only the choice of items differs.

What is simulated: 240 or 480 items, difficulties −0.2 ± 1.3 logits, slopes lognormal about 1.2 (sd of the log 0.25), six domains by
the shares of Circular 02/2025's competences; learners N(0, 1); cuts −0.8, 0.4, 1.6; from 8 to 24 items, stop at 0.8.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np
from machine import say, tell

from bdhvs.measurement import simulation
from bdhvs.measurement.adaptive.choice import Choice, easy_enough
from bdhvs.measurement.adaptive.fixed import fixed_form
from bdhvs.measurement.adaptive.form import AdaptiveForm
from bdhvs.measurement.adaptive.kindness import kindness
from bdhvs.measurement.adaptive.pool import Pool
from bdhvs.measurement.adaptive.rules import Rules
from bdhvs.measurement.adaptive.session import Answer, State, begin, next_item, record, replay
from bdhvs.measurement.adaptive.stopping import Ending
from bdhvs.measurement.calibrated import CalibratedItems
from bdhvs.measurement.grids import Normal
from bdhvs.measurement.simulation_summary import compared, summary

SHARES = {"1": 3 / 24, "2": 6 / 24, "3": 4 / 24, "4": 4 / 24, "5": 4 / 24, "6": 3 / 24}
RULES = Rules(minimum=8, maximum=24, domain_shares=SHARES, cuts=(-0.8, 0.4, 1.6), certainty=0.8)
BANK, SEED = 5000, 20261122
FIXED_UP_TO = 72


def pool_of(count: int, slope: float = 1.2) -> Pool:
    rng = np.random.default_rng(SEED)
    items = CalibratedItems.dichotomous(slope * np.exp(rng.normal(0, 0.25, count)), rng.normal(-0.2, 1.3, count))
    wheel = [name for name, share in SHARES.items() for _ in range(round(24 * share))]
    rng.shuffle(wheel)
    return Pool(items, tuple(wheel[k % 24] for k in range(count)))


def timing() -> dict[str, Any]:
    """Microseconds, medians; choices within real tests, so that all stages of a test are in."""
    pool = pool_of(BANK)
    found: dict[str, Any] = {}
    for name, rules in {"all rules": RULES, "no rules but information": _bare(RULES)}.items():
        form = AdaptiveForm(rules, pool)
        tests = [_one_test(form, seed) for seed in range(20)]  # tables and counts of domains are made here
        choices, records = [], []
        for states in (*tests, *(_one_test(form, seed) for seed in range(20, 220))):
            for state in states:
                again = replace(state)  # nothing remembered of the choice made on the way here
                begun = perf_counter()
                step = next_item(again)
                choices.append(perf_counter() - begun)
                if isinstance(step, Choice):
                    begun = perf_counter()
                    record(state, Answer(step.item, 1))
                    records.append(perf_counter() - begun)
        begun_us = [_timed(partial(begin, form, seed)) for seed in range(200)]
        again_us = [_timed(partial(replay, form, 0, states[-1].answers)) for states in tests]
        found[name] = {
            **_choice_us(choices),
            "choice_p99_us": round(1e6 * float(np.percentile(choices, 99)), 1),
            "record_us": _us(records),
            "begin_us": _us(begun_us),
            "replay_of_a_test_us": _us(again_us),
        }
    ours = found["all rules"]
    for name, measure in {"catsim": _catsim_us, "adaptivetesting": _adaptivetesting_us}.items():
        try:
            peer = measure(pool)
        except ImportError:
            found[name] = "not installed"
            continue
        found[name] = {
            **peer,
            **{
                f"times_ours_{one}": round(peer[f"choice_{one}"] / ours[f"choice_{one}"], 1) for one in ("us", "p10_us")
            },
        }
    return found


def _bare(rules: Rules) -> Rules:
    return replace(rules, domain_shares={}, exposure_cap=1.0, kind_items=0)


def _one_test(form: AdaptiveForm, seed: int) -> list[State]:
    luck = np.random.default_rng(seed)
    states = [begin(form, seed)]
    while isinstance(step := next_item(states[-1]), Choice):
        states.append(record(states[-1], Answer(step.item, int(luck.random() < step.predicted))))
    return states


def _timed(call: Callable[[], object]) -> float:
    begun = perf_counter()
    call()
    return perf_counter() - begun


def _us(seconds: list[float]) -> float:
    return round(1e6 * float(np.median(seconds)), 1)


def _choice_us(seconds: list[float]) -> dict[str, float]:
    """Median, and the tenth percentile: what it takes while nobody else has the processor."""
    return {"choice_us": _us(seconds), "choice_p10_us": round(1e6 * float(np.percentile(seconds, 10)), 1)}


def _catsim_us(pool: Pool) -> dict[str, Any]:
    from importlib.metadata import version

    from catsim.item_bank import ItemBank
    from catsim.selection import MaxInfoSelector

    bank, selector = ItemBank(_four_parameters(pool)), MaxInfoSelector(r_max=0.25)
    shown = list(range(10))
    took = [
        _timed(lambda at=at: selector.select(item_bank=bank, administered_items=shown, est_theta=at))
        for at in np.linspace(-2, 2, 60)
    ]
    return {"version": version("catsim"), **_choice_us(took)}


def _adaptivetesting_us(pool: Pool) -> dict[str, Any]:
    from importlib.metadata import version

    from adaptivetesting.math.item_selection import maximum_information_criterion
    from adaptivetesting.models import TestItem

    items = []
    for slope, difficulty in zip(pool.items.slope, pool.items.difficulty, strict=True):
        one = TestItem()
        one.a, one.b = float(slope), float(difficulty)
        items.append(one)
    took = [_timed(lambda at=at: maximum_information_criterion(items, float(at))) for at in np.linspace(-2, 2, 5)]
    return {"version": version("adaptivetesting"), **_choice_us(took)}


def _four_parameters(pool: Pool) -> Any:
    count = len(pool)
    return np.column_stack([pool.items.slope, pool.items.difficulty, np.zeros(count), np.ones(count)])


def study(learners: int, peers: int) -> list[dict[str, Any]]:
    """Lengths and right bands: ours with and without the kind start, fixed forms, and catsim's rule on the first learners."""
    rows = []
    for count in (240, 480):
        form = AdaptiveForm(RULES, pool_of(count))
        abilities, _ = simulation.draw_learners([simulation.Learners(learners)], SEED)
        fixed = {
            name: simulation.take_fixed(form, fixed_form(form, Normal(), FIXED_UP_TO, name), abilities, SEED)
            for name in ("central", "spread")
        }
        for name, rules in {"kind start": RULES, "no kind start": replace(RULES, kind_items=0)}.items():
            run = simulation.take_adaptive(AdaptiveForm(rules, form.pool), abilities, SEED)
            rows.append({"items": count, "choice": f"ours, {name}", **_row(run), "fixed": compared(run, fixed)})
            say(f"{count} items, ours, {name}")
        without = simulation.take_adaptive(form, abilities, SEED, counting=False)
        rows.append({"items": count, "choice": "ours, kind start, dealt from the seed alone", **_row(without)})
        rows += _beside_catsim(form, abilities[:peers])
    return rows


def _row(run: simulation.AdaptiveRun) -> dict[str, Any]:
    found = summary(run)
    low = next((one for one in found["by"] if one["who"].startswith("ability")), None)
    kept = (
        "learners",
        "length",
        "accuracy",
        "accuracy_error",
        "certainty",
        "rmse",
        "success",
        "success_first",
        "exposure",
        "endings",
    )
    return {**{name: found[name] for name in kept}, "success_first_of_beginners": low and low["success_first"]}


def _beside_catsim(form: AdaptiveForm, abilities: Any) -> Iterator[dict[str, Any]]:
    """catsim's selector with our content rule and its own exposure rule (r_max), and ours on the same learners."""
    try:
        from catsim.item_bank import ItemBank
        from catsim.selection import MaxInfoSelector
    except ImportError:
        return
    for name, rules in {"kind start": RULES, "no kind start": replace(RULES, kind_items=0)}.items():
        run = simulation.take_adaptive(AdaptiveForm(rules, form.pool), abilities, SEED)
        yield {"items": len(form.pool), "choice": f"ours, {name}, catsim's learners", **_row(run)}
    for name, rules in {"the same kind start": RULES, "no kind start": replace(RULES, kind_items=0)}.items():
        for certainty in (0.75, 0.8, 0.85):  # its curve of right bands by length
            bank, selector = ItemBank(_four_parameters(form.pool)), MaxInfoSelector(r_max=form.rules.exposure_cap)
            at = AdaptiveForm(replace(rules, certainty=certainty), form.pool)
            yield {
                **_catsim_row(at, abilities, bank, selector),
                "choice": f"catsim's maximum information, {name}, end at {certainty}",
            }


def _catsim_row(form: AdaptiveForm, abilities: Any, bank: Any, selector: Any) -> dict[str, Any]:
    """catsim's selector with its own exposure rule; content, kind start, estimate and end as the form has them."""
    everything = np.ones(len(form.pool), dtype=np.bool_)
    shown, lengths, right, certain, squares = np.zeros(len(form.pool)), [], [], [], []
    truth = simulation.true_bands(form.rules, abilities)
    for which, block in simulation.draw_scores(form.pool, abilities, SEED):
        for row, scores in enumerate(block, start=which.start):
            for place in np.flatnonzero(shown):
                bank.update_exposure_rate(int(place), shown[place] / (row + 1))
            state, end = _taken(form, scores, everything, bank, selector)
            for one in state.answers:
                shown[form.pool.place(one.item)] += 1
            lengths.append(len(state.answers))
            right.append(end.band == truth[row])
            certain.append(end.certainty)
            squares.append((state.mean - abilities[row]) ** 2)
    say(f"{len(form.pool)} items, catsim")
    return {
        "items": len(form.pool),
        "learners": len(abilities),
        "length": float(np.mean(lengths)),
        "accuracy": float(np.mean(right)),
        "certainty": float(np.mean(certain)),
        "rmse": float(np.sqrt(np.mean(squares))),
        "exposure_max": float(shown.max() / len(abilities)),
        "items_over_cap": int((shown / len(abilities) > form.rules.exposure_cap).sum()),
    }


def catsim_whole(learners: int) -> dict[str, Any] | str:
    """catsim by itself: its estimator, its own stopper for bands, its exposure limit; it has no content balance. 480 items."""
    try:
        from catsim.estimation import NumericalSearchEstimator
        from catsim.initialization import FixedPointInitializer
        from catsim.item_bank import ItemBank
        from catsim.selection import MaxInfoSelector
        from catsim.simulation import Simulator
        from catsim.stopping import ConfidenceIntervalStopper
    except ImportError:
        return "not installed"
    abilities = simulation.draw_learners([simulation.Learners(learners)], SEED)[0]
    pool = pool_of(480)
    stopper = ConfidenceIntervalStopper(
        list(RULES.cuts), RULES.certainty, min_items=RULES.minimum, max_items=RULES.maximum
    )
    run = Simulator(ItemBank(_four_parameters(pool)), abilities, seed=SEED)
    run.simulate(FixedPointInitializer(0.0), MaxInfoSelector(r_max=0.25), NumericalSearchEstimator(), stopper)
    estimates = np.array(run.latest_estimations)
    right = simulation.true_bands(RULES, estimates) == simulation.true_bands(RULES, abilities)
    ours = simulation.take_adaptive(AdaptiveForm(RULES, pool), abilities, SEED)
    return {
        "length": float(np.mean([len(one) for one in run.administered_items])),
        "accuracy": float(right.mean()),
        "rmse": float(np.sqrt(((estimates - abilities) ** 2).mean())),
        "ours, kind start, the same learners": _row(ours),
    }


def _taken(form: AdaptiveForm, scores: Any, everything: Any, bank: Any, selector: Any) -> tuple[State, Ending]:
    """One test with catsim's choices among the items that content balance and kind start allow; estimate and end as ours."""
    state = begin(form, 0, everything)
    while not isinstance(step := next_item(state), Ending):
        places = (state.free & form.due(state.counts)).nonzero()[0]
        kind = kindness(form.rules, state.points, len(state.answers), state.mean, state.sd, state.doubt)
        allowed = set((places if kind is None else easy_enough(form, places, kind)).tolist())
        others = [place for place in range(len(form.pool)) if place not in allowed]
        place = selector.select(item_bank=bank, administered_items=others, est_theta=state.mean)
        state = record(state, Answer(form.pool.items.ids[int(place)], int(scores[place])))
    return state, step


def kindness_study(learners: int) -> list[dict[str, Any]]:
    """Share of the first eight right, by true ability, in pools that fit more or less."""
    rows = []
    for count, slope in ((240, 1.2), (480, 1.2), (480, 0.9)):
        for name, rules in {"kind start": RULES, "no kind start": replace(RULES, kind_items=0)}.items():
            form = AdaptiveForm(rules, pool_of(count, slope))
            for ability in (-2.0, -1.75, -1.5, -1.0, 0.0, 1.0):
                run = simulation.take_adaptive(form, np.full(learners, ability), SEED)
                shares = run.successes[:, :8].mean(axis=1)
                rows.append(
                    {
                        "items": count,
                        "slope": slope,
                        "rule": name,
                        "ability": ability,
                        "first_eight": round(float(shares.mean()), 4),
                        "error": round(float(shares.std() / np.sqrt(learners)), 4),
                    }
                )
        say(f"kind start, {count} items, slope {slope}")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=["timing", "study", "kindness", "catsim"], default=None)
    parser.add_argument("--learners", type=int, default=10_000)
    parser.add_argument("--catsim-learners", type=int, default=2_000)
    given = parser.parse_args()
    result: dict[str, Any] = {}
    if given.only in (None, "timing"):
        result["timing"] = timing()
    if given.only in (None, "kindness"):
        result["kindness"] = kindness_study(min(given.learners, 1000))
    if given.only in (None, "study"):
        result["study"] = study(given.learners, given.catsim_learners)
    if given.only in (None, "catsim"):
        result["catsim whole"] = catsim_whole(given.catsim_learners // 5)
    tell("adaptive", {"seed": SEED, **vars(given)}, result)


if __name__ == "__main__":
    main()
