"""A what-if as a table for people: what ``bdhvs simulate`` prints when nobody asks for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

#: The ways of making the fixed form that stands beside, in words.
MANNERS = {"central": "most informative on average", "spread": "spread over the learners"}


def table(report: Mapping[str, Any]) -> str:
    """The report (as of ``--json``) in lines."""
    own, pool, rules = report["adaptive"], report["pool"], report["rules"]
    shown, spread = own["exposure"], own["length_percentiles"]
    people = "; ".join(
        f"{one['name']}: {one['count']}, mean {one['mean']:g}, sd {one['sd']:g}" for one in report["learners"]
    )
    lines = [
        *(click.style(f"Note: {note}.", fg="yellow") for note in report["notes"]),
        f"Form      {report['form']['id']}, version {report['form']['version']} (chooses by {report['adaptive_version'][:12]})",
        f"Pool      {pool['items']} items; by domain "
        + ", ".join(f"{name}: {count}" for name, count in pool["domains"].items()),
        f"Rules     {rules['minimum']}–{rules['maximum']} items, stop at certainty {rules['certainty']:g}, exposure cap {rules['exposure_cap']:.0%}",
        f"Learners  {people} (logits); seed {report['seed']}",
        "",
        f"Length         {own['length']:.1f} items (10–50–90 %: {spread['10']:.0f}–{spread['50']:.0f}–{spread['90']:.0f}); "
        + ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in own["endings"].items()),
        f"Right band     {own['accuracy']:.1%} ± {own['accuracy_error']:.1%} (the tests themselves claim {own['certainty']:.1%})",
        f"Ability        RMSE {own['rmse']:.2f}, bias {own['bias']:+.2f}, mean standard error {own['standard_error']:.2f} logits",
        f"Exposure       most met {shown['max']:.1%}; {shown['items_over_cap']} items over the cap, {shown['items_unused']} never met; "
        f"two learners share {shown['overlap']:.0%} of their items",
        "",
        f"{'who (true ability)':24} {'learners':>8} {'items':>6} {'right band':>10} {'success':>8} {'first 8':>8}",
        *(_row(one) for one in [{"who": "all", **own}, *own["by"]]),
        "",
        *(_beside(name, one) for name, one in report["fixed"].items()),
    ]
    return "\n".join(lines)


def _row(one: Mapping[str, Any]) -> str:
    return (
        f"{one['who'][:24]:24} {one['learners']:8} {one['length']:6.1f} {one['accuracy']:10.1%} "
        f"{one['success']:8.0%} {one['success_first']:8.0%}"
    )


def _beside(name: str, one: Mapping[str, Any]) -> str:
    if one["accuracy"] is None:
        return f"Fixed form, {MANNERS[name]}: none can be made of this pool"
    text = f"Fixed form of {one['items']}, {MANNERS[name]}: right band {one['accuracy']:.1%}, RMSE {one['rmse']:.2f}, success {one['success']:.0%}; "
    if one["items_for_same_accuracy"] is None:
        return text + f"even {one['longest']} items do not reach the adaptive form's accuracy"
    saved = one["items_saved"]
    word = "fewer" if saved >= 0 else "more"
    return text + f"for the same accuracy {one['items_for_same_accuracy']:.1f} items; adaptive {abs(saved):.0%} {word}"
