"""One pass over a FEEL text: the next token, what is expected there, and which names are known at that place.

Source: OMG DMN 1.5 §10.3.1.2 and §10.3.2.11 (scope).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from bpm.engine.expressions.feel.lexer import Token, known_names, odd_names, plain_name, token_at
from bpm.engine.expressions.feel.tree import Beyond, Node
from bpm.engine.expressions.feel.values.iso8601 import OutOfReachError
from bpm.foundation.errors import ExpressionError

LONGEST_TEXT = 10_000
DEEPEST = 40


class Reader:
    """The tokens of a text, and the names in scope while it is read."""

    def __init__(self, text: str, names: frozenset[str]) -> None:
        """`names` are those that the file declares."""
        if len(text) > LONGEST_TEXT:
            raise ExpressionError(f"The expression is longer than {LONGEST_TEXT} characters.", remedy="Split it up.")
        self.source, self.text = text, text.strip()
        self.declared = frozenset(plain_name(name) for name in names)
        self.odd = odd_names(names)
        self.at = self.depth = self.filters = 0
        self.local: list[frozenset[str]] = []
        self.reads: dict[str, None] = {}
        """Variables that are surely read, in order."""
        self.may_read: dict[str, None] = {}
        """Names inside filters: entries of the item, or variables."""
        self.remarks: list[str] = []
        """What can be read and yet comes to null always."""
        self.beyond: list[str] = []
        """What can be read and cannot be held here."""
        self.keys: set[str] = set()
        """Names of all entries that were read so far."""
        self._tokens: dict[int, Token] = {}

    def out_of_reach(self, error: OutOfReachError) -> Node:
        """What stands for a value that cannot be held here."""
        self.beyond.append(error.message.rstrip("."))
        return Beyond(error.message, error.remedy)

    @property
    def now(self) -> Token:
        return self.token(self.at)

    def token(self, at: int) -> Token:
        found = self._tokens.get(at)
        if found is None:
            found = self._tokens[at] = token_at(self.source, at, known_names(self.odd))
        return found

    def after(self, token: Token) -> Token:
        return self.token(token.end)

    def is_now(self, *texts: str) -> bool:
        return self.now.kind in ("mark", "word") and self.now.text in texts

    def took(self, *texts: str) -> str:
        token = self.now
        if token.kind in ("mark", "word") and token.text in texts:
            self.at = token.end
            return token.text
        return ""

    def need(self, text: str) -> None:
        if not self.took(text):
            raise self.problem(f"{text!r} is missing")

    def problem(self, what: str) -> ExpressionError:
        return ExpressionError(f"{what} in {self.text!r}.")

    def end(self) -> None:
        if self.now.kind != "end":
            raise self.problem(f"{self.now.text!r} is not expected")

    def name(self) -> str:
        """One name; several in a row are one with spaces, for FEEL knows no two names side by side."""
        if self.now.kind != "name":
            raise self.problem("A name is missing")
        parts = []
        while self.now.kind == "name":
            parts.append(self.now.text)
            self.at = self.now.end
        return " ".join(parts)

    def joined_name(self) -> str:
        """A name with `date and time`, `years and months duration` and their like as one."""
        name = self.name()
        while self.is_now("and") and self._joins(name):
            self.need("and")
            name = f"{name} and {self.name()}"
        if name == "get" and self.is_now("or") and self.after(self.now).text == "else":
            self.at = self.after(self.now).end
            return "get or else"
        return name

    def _joins(self, name: str) -> bool:
        following = self.after(self.now).text
        return (name.rpartition(" ")[2], following) in (("date", "time"), ("years", "months"), ("days", "time"))

    @contextmanager
    def deeper(self) -> Iterator[None]:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError("The expression is nested too deeply.", remedy="Split it up.")
        try:
            yield
        finally:
            self.depth -= 1

    @contextmanager
    def scope(self, names: Iterable[str]) -> Iterator[None]:
        """Names that are known inside alone."""
        before, inner = self.odd, frozenset(names)
        self.local.append(inner)
        self._know(before | odd_names(inner))
        try:
            yield
        finally:
            self.local.pop()
            self._know(before)

    @contextmanager
    def knowing(self, names: Iterable[str]) -> Iterator[None]:
        """Names of entries, which may stand behind a dot and nowhere else."""
        before = self.odd
        self._know(before | odd_names(names))
        try:
            yield
        finally:
            self._know(before)

    def _know(self, odd: frozenset[str]) -> None:
        if odd != self.odd:
            self.odd = odd
            self._tokens = {}

    def is_local(self, name: str) -> bool:
        return any(name in names for names in self.local)

    def saw(self, name: str) -> None:
        """A variable is read here, unless the expression itself gave it its name."""
        if self.is_local(name):
            return
        maybe = self.filters and name not in self.declared
        (self.may_read if maybe else self.reads)[name] = None
