"""The words of mails with notices, as text and as simple HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from bpm.foundation.texts import _, ngettext

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def _templates() -> "Environment":
    """Loaded for the first letter: most processes write none."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    templates = Environment(
        loader=PackageLoader("bpm.notices", "mails"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    templates.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]  # put there by the extension
    return templates


@dataclass(frozen=True)
class Words:
    """A mail's content."""

    text: str
    html: str


@dataclass(frozen=True)
class Line:
    """One notice in a digest; `link` is a whole address."""

    subject: str
    link: str
    count: int


def write_letter(subject: str, *, link: str, preferences: str) -> Words:
    """One notice by mail; the links are whole addresses."""
    return _write("one", subject=subject, link=link, preferences=preferences)


def write_digest(lines: Sequence[Line], *, more: int, link: str, preferences: str) -> Words:
    """The notices of a day; `more`: how many are left out, `link`: the page that has them all."""
    return _write("digest", lines=lines, more=more, link=link, preferences=preferences)


def digest_subject(number: int) -> str:
    return ngettext("%(num)s notice from Earshot", "%(num)s notices from Earshot", number) % {"num": number}


def _write(name: str, **values: object) -> Words:
    text, html = (_templates().get_template(f"{name}.{kind}").render(values) for kind in ("txt", "html"))
    return Words(text, html)
