"""Docs say what there is: each command, item kind, linter rule, column, message and refusal stands in them."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner

from bdhvs.cli import COMMANDS, commands
from bdhvs.core.items import item_kinds
from bdhvs.service import protocol
from bdhvs.service.refusals import SENTENCES
from bdhvs.store.export import COLUMNS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
DOCS = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.md")))


def test_the_readme_shows_the_two_commands_on_its_first_screen() -> None:
    first_screen = "\n".join(README.splitlines()[:45])
    assert "make serve" in first_screen
    assert "make test" in first_screen


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_and_explains_itself(name: str) -> None:
    assert f"bdhvs {name}" in README + DOCS
    shown = CliRunner().invoke(commands, [name, "--help"])
    assert shown.exit_code == 0
    assert shown.output.strip()


@pytest.mark.parametrize("kind", item_kinds())
def test_every_item_kind_is_documented(kind: str) -> None:
    assert f"**{kind}**" in (ROOT / "docs" / "author.md").read_text("utf-8")
    assert f"`{kind}`" in (ROOT / "docs" / "protocol.md").read_text("utf-8")


def test_the_protocol_page_names_every_message_and_refusal() -> None:
    page = (ROOT / "docs" / "protocol.md").read_text("utf-8")
    messages = [message.__struct_config__.tag for message in protocol.Message.__args__]
    for word in [*messages, *SENTENCES]:
        assert f"`{word}`" in page, word


def test_the_researcher_s_page_names_every_column() -> None:
    page = (ROOT / "docs" / "researcher.md").read_text("utf-8")
    assert [name for name in COLUMNS if f"`{name}`" not in page] == []


def test_the_page_of_sources_names_every_document_that_items_and_lessons_cite() -> None:
    number = re.compile(r"\d+/(?:\d+/)?[A-ZĐ][A-ZĐ&]*(?:-[A-ZĐ&]+)*\d*")
    titles = [re.findall(r"(?m)^  - title: (.*)$", path.read_text("utf-8")) for path in ROOT.glob("assessments/items/*/*.yaml")]
    cells = [cell for path in ROOT.glob("notebooks/hoc-vien/**/*.ipynb") for cell in json.loads(path.read_text("utf-8"))["cells"]]
    lessons = [text for cell in cells if (text := "".join(cell["source"])).startswith(("## Nguồn", "## Sources"))]
    cited = {one for text in [*(title for found in titles for title in found), *lessons] for one in number.findall(text)}
    assert len(cited) > 30
    assert sorted(cited - set(number.findall((ROOT / "docs" / "sources.md").read_text("utf-8")))) == []


def test_links_between_our_pages_lead_somewhere() -> None:
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("assessments/*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name} → {target}"


def test_every_text_for_people_has_a_vietnamese_translation_and_the_compiled_catalogue_is_fresh() -> None:
    folder = ROOT / "bdhvs" / "locale" / "vi" / "LC_MESSAGES"
    with (folder / "bdhvs.po").open("rb") as file:
        catalogue = read_po(file, locale="vi")
    assert [message.id for message in catalogue if message.id and (not message.string or message.fuzzy)] == []
    from bdhvs.i18n import translator

    translate = translator("vi")
    assert [message.id for message in catalogue if message.id and translate(message.id) != message.string] == []


def test_every_text_in_the_code_is_in_the_catalogue() -> None:
    from babel.messages.extract import extract_from_dir

    methods = [("**.py", "python"), ("server/templates/**.html", "jinja2")]
    options = {"**.py": {}, "server/templates/**.html": {"extensions": "jinja2.ext.i18n", "newstyle_gettext": "true", "trimmed": "true"}}
    keywords = {"_": None, "gettext": None, "_n": None}
    with (ROOT / "bdhvs" / "locale" / "vi" / "LC_MESSAGES" / "bdhvs.po").open("rb") as file:
        known = {message.id for message in read_po(file)}
    found = extract_from_dir(ROOT / "bdhvs", methods, options, keywords)
    assert sorted({message for _, _, message, _, _ in found if isinstance(message, str)} - known) == []


def test_the_built_front_end_is_that_of_the_sources() -> None:
    sources = ROOT / "frontend" / "src"
    digest = hashlib.sha256()
    for path in sorted(sources.rglob("*"), key=lambda path: path.relative_to(sources).as_posix()):
        if path.is_file():
            digest.update(path.relative_to(sources).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for name in ("page.js", "widget.js", "quiz.css"):
        banner = (ROOT / "bdhvs" / "widgets" / "static" / name).read_text("utf-8").splitlines()[0]
        assert digest.hexdigest() in banner, f"{name} is stale: run make frontend"
