"""Rule about items that ask the same thing twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from bdhvs.bank.checks.rule import Finding, Rule
from bdhvs.bank.checks.texts import words_folded
from bdhvs.bank.loader import Bank

RUN = 3  # words in a row that are compared
ALIKE = 0.5  # share of such runs that two stems may have in common


def _twins(bank: Bank) -> Iterator[Finding]:
    """Pairs of stems that share at least `ALIKE` of their runs; only stems that share a run are compared."""
    runs = {item.id: _runs(item.stem.vi) for item in bank.items.values()}
    holders: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for item_id, own in runs.items():
        for run in own:
            holders[run].append(item_id)
    shared: Counter[tuple[str, str]] = Counter()
    for ids in holders.values():
        shared.update((one, other) for place, other in enumerate(ids) for one in ids[:place])
    for (one, other), count in sorted(shared.items()):
        alike = count / (len(runs[one]) + len(runs[other]) - count)
        if alike >= ALIKE:
            message = f'the stem is {alike:.0%} that of "{one}"; ask another thing, or keep one of them'
            yield Finding(message, ("stem",), other)


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = words_folded(text).split()
    return frozenset(zip(*(words[start:] for start in range(RUN)), strict=False)) or frozenset({tuple(words)})


RULES = (Rule("twins", "warning", "The same question twice measures memory.", in_bank=_twins),)
