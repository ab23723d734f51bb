"""``bdhvs.write_item`` and ``bdhvs.preview_item``: an item for its author, as text and as a learner will meet it.

For authors only: the key stands in the text, and the solution below the preview.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from html import escape
from pathlib import Path
from shutil import copyfile

import ipywidgets

from bdhvs.bank.drafts import Draft, own_bank, read_draft, save_draft
from bdhvs.bank.loader import Bank
from bdhvs.bank.paths import HOME_VARIABLE
from bdhvs.core.items import item_kinds
from bdhvs.core.items.base import Item
from bdhvs.core.items.simulation import Simulation
from bdhvs.core.presenting import arrangement
from bdhvs.errors import NotFound, Problem, SetupError
from bdhvs.i18n import LANGUAGES, Gettext, language, translator
from bdhvs.service.views import inline
from bdhvs.widgets.item_pane import ItemPane
from bdhvs.widgets.preview import PreviewWidget
from bdhvs.widgets.screen_graph import graph_html

OWN_FOLDER = "cau-hoi-cua-toi"  # where BDHVS_HOME names none
NEW_ID = "cau-hoi-moi"
NARROWEST = "min(100%, 22rem)"  # of a preview; two stand side by side where there is room
LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English"}


class ItemEditor(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """The editor: text, what to correct, and the item in both languages. ``draft`` is what was read last."""

    def __init__(self, text: str, bank: Bank, *, lang: str, opened: str | None = None) -> None:
        self._bank = bank
        self._opened = opened  # id of the item whose file may be written over
        self._translate = translator(lang)
        self._shown = ipywidgets.VBox()
        self._previews: list[PreviewWidget] = []
        self._previewed: Item | None = None
        self.draft = read_draft(text, bank)
        self._pane = ItemPane(text, on_text=self._on_text, on_save=self._on_save, lang=lang)
        super().__init__([self._pane, self._shown])

    def _on_text(self, text: str) -> Sequence[Problem]:
        self.draft = read_draft(text, self._bank)
        if self.draft.item is not None and self.draft.item != self._previewed:
            self._preview(self.draft.item)
        return self.draft.problems

    def _preview(self, item: Item) -> None:
        before, self._previewed = self._previews, item
        self._previews = _previews(item, self._bank)
        self._shown.children = _view(item, self._previews, self._translate)
        for one in before:
            one.close()

    def _on_save(self, text: str) -> str:
        """Save what stands there; what to say about it."""
        _, draft = self._translate, read_draft(text, self._bank)
        if draft.item is None:
            return _("Not saved yet: correct the errors first.")
        if draft.item.id != self._opened and (self._bank.content.assessments.parent / str(draft.path)).exists():
            return _("Not saved: there is another item called {id}. Give this one another id.").format(id=draft.item.id)
        try:
            path = save_draft(draft, self._bank)
        except SetupError as error:
            return _("Not saved: {reason}").format(reason=error)
        self._opened = draft.item.id
        return _("Saved: {path}").format(path=path)


def write_item(item: str | None = None, *, kind: str = "single_choice", folder: str | Path | None = None, lang: str = "vi") -> ItemEditor:
    """An editor for one item: what is wrong and how the item looks, while you type; saves it into your own folder.

    Parameters
    ----------
    item : id of an item in `folder` to go on with; left out: a new one, which begins as a worked example to write over.
    kind : kind of the new item, see docs/author.md.
    folder : the folder that holds your ``assessments/``; left out: the one in ``BDHVS_HOME``, else ``cau-hoi-cua-toi``.
    lang : language of the editor's own texts, "vi" or "en".

    Raises
    ------
    NotFound
        when there is no such item or kind; the message names those there are.
    """
    bank = own_bank(folder or os.environ.get(HOME_VARIABLE) or OWN_FOLDER)
    lang = language(lang)
    if item is None:
        return ItemEditor(_example(kind, bank, translator(lang)), bank, lang=lang)
    paths = {path.stem: path for path in sorted(bank.content.items.rglob("*.yaml"))}
    if item not in paths:
        raise NotFound(f"there is no item {item!r} in {bank.content.items}; there are: {', '.join(paths) or 'none'}")
    return ItemEditor(paths[item].read_text("utf-8"), bank, lang=lang, opened=item)


def preview_item(item: str | Path, *, lang: str = "vi") -> ipywidgets.VBox:
    """An item as a learner will meet it, in both languages, below what ``bdhvs check`` says about it.

    Parameters
    ----------
    item : path of its file, or its text.
    lang : language of the texts around it, "vi" or "en".

    Raises
    ------
    NotFound
        when there is no such file.
    """
    text, bank = _text_and_bank(item)
    draft, _ = read_draft(text, bank), translator(language(lang))
    parts = [ipywidgets.HTML(_findings(draft, _))]
    if draft.item is not None:
        parts += _view(draft.item, _previews(draft.item, bank), _)
    return ipywidgets.VBox(parts)


def _text_and_bank(item: str | Path) -> tuple[str, Bank]:
    if isinstance(item, str) and "\n" in item:
        return item, own_bank(os.environ.get(HOME_VARIABLE) or OWN_FOLDER)
    path = Path(item)
    if not path.is_file():
        raise NotFound(f"there is no file {path}; give the path of an item's file, or its text")
    home = next((one.parent for one in path.resolve().parents if one.name == "assessments"), path.resolve().parent)
    return path.read_text("utf-8"), own_bank(home)


def _example(kind: str, own: Bank, _: Gettext) -> str:
    """A shipped item of the kind under a new name. A picture it cannot do without is put beside the author's own."""
    if kind not in item_kinds():
        raise NotFound(f"there is no kind {kind!r}; there are: {', '.join(item_kinds())}")
    bank = Bank.load()
    shipped = min((one for one in bank.items.values() if one.kind == kind), key=lambda one: one.picture is not None)
    if shipped.picture is not None:
        _bring_picture(shipped.picture.file, bank, own)
    lines = (bank.content.items / shipped.competence / f"{shipped.id}.yaml").read_text("utf-8").split("\n")
    new = {"id": NEW_ID, "version": "1", "author": _("Your name")}
    names = [line.partition(":")[0] for line in lines]
    written = zip(names, lines, strict=True)
    # What a self-assessment is about are items of the shipped bank, which the author's own folder need not have.
    return "\n".join(f"{name}: {new[name]}" if name in new else line for name, line in written if name != "about")


def _bring_picture(file: str, bank: Bank, own: Bank) -> None:
    there = own.content.media / file
    if not there.exists():
        there.parent.mkdir(parents=True, exist_ok=True)
        copyfile(bank.content.media / file, there)


def _previews(item: Item, bank: Bank) -> list[PreviewWidget]:
    return [PreviewWidget(item, bank.content, bank.framework, lang=lang) for lang in LANGUAGES]


def _view(item: Item, previews: Sequence[PreviewWidget], _: Gettext) -> list[ipywidgets.Widget]:
    """Both languages side by side, each with its solution; of a simulation also the graph of its screens."""
    columns = [
        ipywidgets.VBox(
            [
                ipywidgets.HTML(f'<h4 style="font-size:18px;margin:8px 0">{escape(LANGUAGE_NAMES[one.lang])}</h4>'),
                one,
                ipywidgets.HTML(_solution(item, one.lang, _)),
            ],
            layout={"flex": f"1 1 {NARROWEST}", "min_width": NARROWEST, "padding": "0 8px"},
        )
        for one in previews
    ]
    both = ipywidgets.Box(columns, layout={"display": "flex", "flex_flow": "row wrap", "align_items": "flex-start"})
    graph = [ipywidgets.HTML(graph_html(item, previews[0].lang, _))] if isinstance(item, Simulation) else []
    return [both, *graph]


def _solution(item: Item, lang: str, _: Gettext) -> str:
    if not item.is_performance:
        return ""
    solution = item.solution(arrangement(item, 0, False), inline(lang))
    head = escape(_("The answer (only you see this)"))
    return f'<div lang="{lang}" style="font-size:18px;line-height:1.5"><strong>{head}:</strong> {solution}</div>'


def _findings(draft: Draft, _: Gettext) -> str:
    words, line, whole = {"error": _("error"), "warning": _("advice")}, _("Line {n}"), _("The whole item")
    lines = [
        f"<li><strong>{line.format(n=one.line) if one.line else whole} · {words[one.severity]}:</strong> {escape(one.message)}</li>"
        for one in draft.problems
    ]
    fine = _("Nothing to correct.")
    body = f"<ul>{''.join(lines)}</ul>" if lines else f"<p>✓ {fine}</p>"
    return f'<div style="font-size:18px;line-height:1.5;overflow-wrap:anywhere">{body}</div>'
