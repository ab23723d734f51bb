"""A bar for what takes long in a notebook; nothing where no notebook is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from typing import Any


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar below the cell while the block runs; call what it gives with the steps done. It is gone at the end."""
    bar, done = _bar(), 0

    def told(steps: int) -> None:
        nonlocal done
        done += steps
        bar(f'<label>{escape(label)} <progress max="{total}" value="{min(done, total)}"></progress></label>')

    told(0)
    try:
        yield told
    finally:
        bar("")


def _bar() -> Callable[[str], None]:
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return lambda html: None
    if get_ipython() is None:
        return lambda html: None
    from IPython import display

    shown: Any = display  # untyped
    handle = shown.display(shown.HTML(""), display_id=True)
    return lambda html: handle.update(shown.HTML(html))
