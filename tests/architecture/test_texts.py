"""Every text for people goes through `_()`, but for a record of files not yet converted that only shrinks."""

import ast
import json

import pytest

from tests.architecture.texts import RECORD, bare_texts_of_code, bare_texts_of_template, counted


def test_no_file_has_more_bare_texts_than_the_record_allows() -> None:
    allowed = json.loads(RECORD.read_text())
    more = {name: number for name, number in counted().items() if number > allowed.get(name, 0)}
    assert not more, "Put them into _(): see bpm/foundation/texts.py."


def test_the_example_rooms_are_converted() -> None:
    assert not [name for name in counted() if name.startswith(("web/search/", "web/sign_in/"))]


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<h1>Sign in</h1>", ["Sign in"]),
        ("<h1>{{ _('Sign in') }}</h1>", []),
        ("{% trans %}Sign <b>in</b>{% endtrans %}", []),
        ("{{ ui.empty('Nothing found') }}", ["Nothing found"]),
        ("{{ ui.empty(_('Nothing found'), _('Type a word.')) }}", []),
        ('<nav aria-label="Pages"><a href="/x">{{ page.name }}</a></nav>', ["Pages"]),
        ("{{ ngettext('%(num)s Day', '%(num)s Days', n) }}", []),
        ("{# a note #}<p>{{ page.next }}&nbsp;</p>", []),
        ("<span>Earshot</span>", []),
    ],
)
def test_bare_words_of_a_template_are_found(template: str, found: list[str]) -> None:
    assert bare_texts_of_template(template) == found


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ('say("It is done.")', 1),
        ('say(_("It is done."))', 0),
        ('raise RefusedError(f"No {x}.", remedy="Try again.")', 2),
        ('raise RefusedError(_("No %(x)s.") % {"x": x})', 0),
        ('raise KeyError("name")', 0),
    ],
)
def test_bare_words_of_code_are_found(code: str, number: int) -> None:
    assert len(bare_texts_of_code(ast.parse(code))) == number
