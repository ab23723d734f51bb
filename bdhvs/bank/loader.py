"""The bank: all items, forms and the framework, read from files that were checked.

::

    bank = Bank.load()                      # or Bank.load("path/to/folder")
    bank.item("khong-doc-ma-otp").stem.vi
    bank.form("an-toan-co-ban").items
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from bdhvs.bank.adaptive_forms import name_problems, pool_problems
from bdhvs.bank.blueprints import forms_named, read_blueprints
from bdhvs.bank.digests import digest, digest_of_all, file_digest
from bdhvs.bank.enemies import read_enemies
from bdhvs.bank.framework import DEFAULT_FRAMEWORK, Framework, load_framework
from bdhvs.bank.item_files import file_stem, read_form, read_item, turn_problems
from bdhvs.bank.paths import Content, find_content
from bdhvs.bank.units import lesson_forms
from bdhvs.bank.yaml_lines import Document, read_document
from bdhvs.core.blueprint import Blueprint
from bdhvs.core.forms import Form
from bdhvs.core.items.base import Item
from bdhvs.errors import BankError, NotFound, Problem


@dataclass(frozen=True)
class Bank:
    """Items and forms by id, with the framework they refer to.

    ``item_documents`` and ``form_documents`` are the files as written, for messages that name a line. ``blueprints``: what drawn
    forms are held against, by id; ``enemies``: sets of items of which a form has one at most.
    """

    items: Mapping[str, Item]
    forms: Mapping[str, Form]
    framework: Framework
    content: Content
    item_documents: Mapping[str, Document]
    form_documents: Mapping[str, Document]
    blueprints: Mapping[str, Blueprint] = field(default_factory=dict)
    enemies: tuple[frozenset[str], ...] = ()

    @classmethod
    def load(cls, path: str | Path | None = None, framework: str = DEFAULT_FRAMEWORK) -> Bank:
        """The bank at `path`, or the first found in the usual places (see `bdhvs.bank.paths`).

        Raises
        ------
        BankError, FrameworkError
            with every problem of every file.
        SetupError
            when there is no bank there.
        """
        return load_items(find_content(path), framework)

    def item(self, item_id: str) -> Item:
        """The item with this id; raises NotFound."""
        try:
            return self.items[item_id]
        except KeyError:
            raise NotFound(f'no item "{item_id}" in the bank') from None

    def form(self, form_id: str) -> Form:
        """The form with this id; raises NotFound."""
        try:
            return self.forms[form_id]
        except KeyError:
            raise NotFound(f'no form "{form_id}" in the bank') from None

    def taken_as(self, form_ids: Iterable[str]) -> tuple[str, ...]:
        """The forms that learners really take when these are offered: both of a turn's forms in its place."""
        forms = [self.forms[one] for one in form_ids if one in self.forms]
        return tuple(dict.fromkeys(one for form in forms for one in (form.turn.forms if form.turn else (form.id,))))

    @cached_property
    def units(self) -> Mapping[str, tuple[str, ...]]:
        """Lesson → forms inside it (`bdhvs.bank.units.lesson_forms`)."""
        return lesson_forms(self.content)

    @cached_property
    def version(self) -> str:
        """Digest of all content: items, forms, pictures and framework. The same content, the same version."""
        parts = [f"item {one.id} {digest(one)}" for one in self.items.values()]
        parts += [f"form {one.id} {digest(one)}" for one in self.forms.values()]
        pictures = {picture.file for one in self.items.values() for picture in one.pictures()}
        parts += [f"picture {name} {file_digest(self.content.media / name)}" for name in pictures]
        names = (f"{self.framework.id}.yaml", "digcomp.yaml", "programme.yaml")
        parts += [f"framework {name} {file_digest(self.content.framework / name)}" for name in names]
        return digest_of_all(parts)


def load_items(root: Content | str | Path, framework: str = DEFAULT_FRAMEWORK) -> Bank:
    """The bank below `root`, when nothing at all is wrong with it; raises BankError with every problem."""
    content = root if isinstance(root, Content) else find_content(root)
    bank, problems = read_bank(content, framework)
    if problems:
        raise BankError(problems)
    return bank


def read_bank(content: Content, framework: str = DEFAULT_FRAMEWORK) -> tuple[Bank, tuple[Problem, ...]]:
    """What can be used of a bank, and every problem of the rest (sorted by file and line).

    Raises FrameworkError when the framework itself cannot be read: without it no item can be judged.
    """
    competences = load_framework(content, framework)
    problems = _wrong_endings(content)
    items, documents, item_problems = _items(content, competences)
    names = {path.stem for path in _paths(content.items)}  # a broken item's form is not broken too
    forms, form_documents, form_problems = load_forms(content, names | set(items))
    pools = {one.id: pool_problems(one, form_documents[one.id], items, competences) for one in forms.values()}
    form_problems += [problem for found in pools.values() for problem in found]
    turns = {one.id: turn_problems(one, form_documents[one.id], forms) for one in forms.values()}
    form_problems += [problem for found in turns.values() for problem in found]
    usable = {one.id: one for one in forms.values() if set(one.items) <= set(items) and not pools[one.id] and not turns[one.id]}
    blueprints, blueprint_problems = read_blueprints(content, forms, competences)
    enemies, enemy_problems = read_enemies(content, names | set(items))
    bank = Bank(
        items=MappingProxyType(items),
        forms=MappingProxyType(usable),
        framework=competences,
        content=content,
        item_documents=MappingProxyType(documents),
        form_documents=MappingProxyType(form_documents),
        blueprints=MappingProxyType({one.id: one for one in blueprints.values() if forms_named(one) <= set(usable)}),
        enemies=enemies,
    )
    return bank, tuple(sorted([*problems, *item_problems, *form_problems, *blueprint_problems, *enemy_problems]))


def load_forms(
    content: Content, known_items: Iterable[str]
) -> tuple[dict[str, Form], dict[str, Document], list[Problem]]:
    """All forms that can be used, by id, their documents, and the problems of the others."""
    forms: dict[str, Form] = {}
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    known = tuple(known_items)
    for document in _documents(content, content.forms):
        form, found = read_form(document, known)
        problems += found
        if form:
            forms[form.id], documents[form.id] = form, document
    return forms, documents, problems


def load_adaptive_form(path: Path, bank: Bank) -> Form:
    """An adaptive form in a file that is not in the bank yet. Whether the bank's pool can serve it is not looked at.

    Raises
    ------
    BankError
        with every problem of the file; a fixed list is one.
    """
    document = read_document(path)
    form, problems = read_form(document, bank.items)
    if form is not None and form.adaptive is None:
        message = 'found a fixed list, expected a form that says under "adaptive" how items are chosen'
        problems.append(Problem(document.path, document.line(("items",)), message, "adaptive"))
    elif form is not None and form.adaptive is not None:
        problems += name_problems(form.adaptive, document, bank.items, bank.framework)
    if form is None or problems:
        raise BankError(problems)
    return form


def _items(content: Content, framework: Framework) -> tuple[dict[str, Item], dict[str, Document], list[Problem]]:
    items: dict[str, Item] = {}
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    seen: dict[str, Document] = {}
    for document in _documents(content, content.items):
        item, found = read_item(document, content, framework)
        problems += found
        own_id = str(document.below(("id",)) or file_stem(document))
        if own_id in seen:
            message = f'id "{own_id}" is already that of {seen[own_id].path}; every item has an id of its own'
            problems.append(Problem(document.path, document.line(("id",)), message, "duplicate_id"))
        elif item:
            items[item.id], documents[item.id] = item, document
        seen.setdefault(own_id, document)
    return items, documents, problems


def _documents(content: Content, folder: Path) -> list[Document]:
    home = content.assessments.parent
    return [read_document(path, path.relative_to(home).as_posix()) for path in _paths(folder)]


def _paths(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.yaml") if not path.name.startswith("."))


def _wrong_endings(content: Content) -> list[Problem]:
    """Files an author meant as items or forms but that would silently not be read."""
    home = content.assessments.parent
    found = [path for folder in (content.items, content.forms) for path in sorted(folder.rglob("*.yml"))]
    message = "found the ending .yml, expected .yaml; rename the file"
    return [Problem(path.relative_to(home).as_posix(), 0, message, "file_name") for path in found]
