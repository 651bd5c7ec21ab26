"""The words that people read, by gettext: what stands in the code is English, and other languages would be catalogues.

Write `_("Nothing found")`, with values by name after it: `_("%(number)s of %(all)s") % {...}`, and never an f-string
inside, for a catalogue knows the text as it is written. `make texts` gathers them with Babel.
"""

from gettext import NullTranslations

_CATALOGUE = NullTranslations()


def _(text: str) -> str:
    """The text in the language of the page."""
    return _CATALOGUE.gettext(text)


def ngettext(one: str, many: str, number: int) -> str:
    """`one` or `many`, as the language counts `number`; say the number itself by `%(num)s` in templates."""
    return _CATALOGUE.ngettext(one, many, number)
