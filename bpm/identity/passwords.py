"""What makes a password good enough: long, and not one of the first that anybody would try."""

from collections.abc import Iterable

SHORTEST, LONGEST = 12, 128
"""Characters (NIST SP 800-63B, 3.1.1.2; OWASP ASVS 5.0, 6.2). No kind of character is asked for or forbidden."""
FEWEST_GUESSES = 1_000_000
"""What guessing by frequency takes at least: lists of 30,000 passwords and of words and names, and their usual
disguises (numbers behind, letters as digits, keyboard rows, repetitions)."""
JUDGED = 40
"""Characters that are judged: the library's time grows steeply with the length."""


def find_password_problem(password: str, *, known_to_all: Iterable[str] = ()) -> str:
    """Why the password cannot be taken and what to do; empty when it can. `known_to_all`: names of the person."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"Use a password of {SHORTEST} to {LONGEST} characters; several words with blanks are fine."
    if _guesses(password[:JUDGED], [*known_to_all, "earshot"]) < FEWEST_GUESSES:
        return "This password is among the first that are tried; use several words that do not belong together."
    return ""


def _guesses(password: str, known: list[str]) -> float:
    from zxcvbn import zxcvbn  # its word lists are read when somebody gets a password, not at every start

    return float(zxcvbn(password, user_inputs=[word for word in known if word])["guesses"])
