"""What is wrong with the pool of an adaptive form, as far as counting goes. Whether its rules can be kept with it, the engine
says (`bdhvs.service.adaptive_versions.unfit`, asked by ``bdhvs check``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bdhvs.bank.yaml_lines import Document, Where, did_you_mean
from bdhvs.core.adaptive import Adaptive, domain_of
from bdhvs.core.forms import Form
from bdhvs.core.framework import Framework
from bdhvs.core.items.base import Item, repeated
from bdhvs.errors import Problem

_Finding = tuple[str, Where, str]  # rule, place in the file, message


def pool_problems(form: Form, document: Document, items: Mapping[str, Item], framework: Framework) -> list[Problem]:
    """Names that do not exist and pools that are too small; empty for a fixed form."""
    if form.adaptive is None:
        return []
    return [*name_problems(form.adaptive, document, items, framework), *_placed(document, _size(form.adaptive, items))]


def name_problems(rules: Adaptive, document: Document, items: Mapping[str, Item], framework: Framework) -> list[Problem]:
    """Domains, competences, audiences and items that do not exist."""
    return _placed(document, _names(rules, items, framework))


def _placed(document: Document, found: Iterable[_Finding]) -> list[Problem]:
    return [Problem(document.path, document.line(("adaptive", *where)), message, rule) for rule, where, message in found]


def _names(rules: Adaptive, items: Mapping[str, Item], framework: Framework) -> Iterator[_Finding]:
    domains = [domain.code for domain in (framework.entry, *framework.domains)]
    places = [*domains, *framework.competences]
    yield from _known("competence", ("pool", "competences"), rules.pool.competences, places)
    yield from _known("audience", ("pool", "audiences"), rules.pool.audiences, [one.id for one in framework.audiences])
    yield from _known("domain", ("shares",), tuple(rules.shares), domains, by_name=True)
    yield from _known("domain", ("kind_start", "warm_up"), rules.kind_start.warm_up, domains)
    for index, group in enumerate(rules.enemies):
        yield from _known("item", ("enemies", index), group, list(items))
        for one in repeated(group):
            yield "twice", ("enemies", index), f'item "{one}" is named twice among enemies; keep one'


def _known(what: str, where: Where, named: tuple[str, ...], known: list[str], *, by_name: bool = False) -> Iterator[_Finding]:
    for index, one in enumerate(named):
        if one not in known:
            advice = did_you_mean(one, known) or (f" There are: {', '.join(known)}." if len(known) <= 40 else "")
            yield what, (*where, one if by_name else index), f'{what} "{one}" does not exist.{advice}'


def _size(rules: Adaptive, items: Mapping[str, Item]) -> Iterator[_Finding]:
    pool = rules.pool_of(items.values())
    if len(pool) < rules.maximum:
        expected = f"expected at least the maximum of {rules.maximum}; widen the pool or shorten the test"
        yield "pool", ("pool",), f"found {len(pool)} items in the pool, {expected}"
        return
    there = {domain_of(item.competence) for item in pool}
    wanted: list[tuple[str, Where]] = [(code, ("shares", code)) for code in rules.shares]
    wanted += [(code, ("kind_start", "warm_up", index)) for index, code in enumerate(rules.kind_start.warm_up)]
    for code, where in wanted:
        if code not in there:
            yield "pool", where, f'found no item of domain "{code}" in the pool; widen the pool or leave the domain out'
