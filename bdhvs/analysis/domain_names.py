"""Domains as people call them."""

from __future__ import annotations

from collections.abc import Iterable

from bdhvs.bank.framework import Framework


def domain_names(domains: Iterable[str], lang: str, framework: Framework | None = None) -> dict[str, str]:
    """Code → "4. Safety"; codes the framework does not know stay as they are."""
    known = framework or Framework.load()
    names = {one.code: one.name.in_language(lang) for one in (known.entry, *known.domains)}
    return {one: f"{one}. {names[one]}" if one in names else one for one in domains}
