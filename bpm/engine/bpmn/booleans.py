"""Truth values as XML writes them: `true` and `1`, `false` and `0`, with white space around them.

Source: W3C XML Schema 1.1 part 2, 3.3.2 (boolean; its white space is collapsed). Tools also write `True` and `FALSE`.
"""

_TRUE, _FALSE = frozenset({"true", "1"}), frozenset({"false", "0"})


def boolean(text: str | None) -> bool | None:
    """What an attribute says; None where it says nothing or something else."""
    word = (text or "").strip().lower()
    if word in _TRUE:
        return True
    return False if word in _FALSE else None


def is_true(text: str | None) -> bool:
    """Whether an attribute says true; nothing said is not true."""
    return boolean(text) is True


def is_false(text: str | None) -> bool:
    """Whether an attribute says false; nothing said is not false."""
    return boolean(text) is False
