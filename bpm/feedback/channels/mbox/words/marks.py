"""Marks that the reader of HTML leaves in a mail's text, for what only the markup tells."""

OLD_MAIL = "\x02"
"""A line of its own: the mail program says that old mail begins here."""

RULE = "\x03"
"""A line of its own: a rule was drawn; old mail begins here when a header block follows."""

REPLY_LINE = "\x01"
"""At the beginning of a line: it tells who wrote the quote below."""

_NONE = str.maketrans("", "", OLD_MAIL + RULE + REPLY_LINE)


def without_marks(text: str) -> str:
    """The text as people see it."""
    return text.translate(_NONE)
