"""Pages from templates: escaped by default, texts by gettext, static files under addresses that follow content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bdhvs.i18n import LANGUAGES, language, translations, translator
from bdhvs.server.context import LANG_COOKIE
from bdhvs.widgets.strings import strings

HERE = Path(__file__).parent
STATIC_FOLDERS = (HERE / "static", HERE.parent / "widgets" / "static")


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A static file, with the digest that makes its address unique to its content."""

    path: Path
    digest: str


@lru_cache(maxsize=1)
def static_files() -> dict[str, StaticFile]:
    """Every file that may be fetched from /static/, by name. Nothing else can be."""
    paths = (path for folder in STATIC_FOLDERS for path in sorted(folder.iterdir()) if path.is_file())
    return {path.name: StaticFile(path, hashlib.sha256(path.read_bytes()).hexdigest()[:12]) for path in paths}


def static_url(name: str) -> str:
    """Address of a static file that may be kept forever."""
    return f"/static/{static_files()[name].digest}/{name}"


@lru_cache(maxsize=len(LANGUAGES))
def _environment(lang: str) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(translations(lang), newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(lang=lang, static=static_url, strings=strings(translator(lang)))
    return environment


def rendered(lang: str, template: str, **values: Any) -> str:
    """A template of ours with `values`, as text in `lang`."""
    return _environment(lang).get_template(template).render(**values)


def chosen_language(request: Request) -> str:
    """Language of the page: the visitor's choice, else Vietnamese."""
    return language(request.query_params.get("lang") or request.cookies.get(LANG_COOKIE))


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of the class, in the visitor's language."""
    lang = chosen_language(request)
    other = next(one for one in LANGUAGES if one != lang)
    response = HTMLResponse(rendered(lang, template, other_lang=other, **values), status_code=status)
    wanted = request.query_params.get("lang")
    if wanted in LANGUAGES:
        response.set_cookie(LANG_COOKIE, wanted, max_age=365 * 86400, samesite="lax", path="/")
    return response
