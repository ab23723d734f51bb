"""How much of an item may be rewritten until the report no longer finds it beside its twin: `python benchmarks/alike.py`.

Twins are made of shipped single-choice items: a share of the words of stem, options and explanation is replaced at random by
words of other stems. A person who rewords an item changes order and grammar, too; this is the easier half of the question.
"""

from __future__ import annotations

import json
import random
from statistics import median

from bdhvs.bank.checks.texts import words_folded
from bdhvs.bank.loader import Bank
from bdhvs.bank.report import load_standards
from bdhvs.bank.report.alike import similarities
from bdhvs.core.items.base import Text
from bdhvs.core.items.single_choice import SingleChoice

TWINS, SEED = 60, 1
SHARES = (0.2, 0.35, 0.5)


def main() -> None:
    bank = Bank.load()
    limit = load_standards(bank.content, bank.framework, bank.items).alike.look_from
    words = [word for item in bank.items.values() for word in words_folded(item.stem.vi).split()]
    items = [item for item in bank.items.values() if isinstance(item, SingleChoice) and item.explanation][:TWINS]
    rows = []
    for share in SHARES:
        rng = random.Random(SEED)
        twins = [twin(item, share, words, rng) for item in items]
        found = similarities([*bank.items.values(), *twins])
        alike = sorted(found.get((item.id, f"{item.id}-z"), 0.0) for item in items)
        rows.append(
            {
                "replaced": share,
                "twins": len(alike),
                "found": sum(value >= limit for value in alike),
                "least": round(alike[0], 2),
                "median": round(median(alike), 2),
            }
        )
    print(json.dumps({"look_from": limit, "items": len(bank.items), "seed": SEED, "rows": rows}, indent=2))


def twin(item: SingleChoice, share: float, words: list[str], rng: random.Random) -> SingleChoice:
    """The item with `share` of its words replaced, under another id."""

    def changed(text: Text | None) -> Text:
        own = text.vi.split() if text else []
        return Text(vi=" ".join(rng.choice(words) if rng.random() < share else word for word in own))

    options = tuple(one.model_copy(update={"text": changed(one.text)}) for one in item.options)
    update = {
        "id": f"{item.id}-z",
        "stem": changed(item.stem),
        "explanation": changed(item.explanation),
        "options": options,
    }
    return item.model_copy(update=update)


if __name__ == "__main__":
    main()
