"""The tree of a FEEL expression: what the parser makes and the compiler turns into a function.

Source: OMG DMN 1.5 §10.3.1.2.
"""

from dataclasses import dataclass, fields, is_dataclass
from typing import Any


class Node:
    """Any part of an expression."""


@dataclass(frozen=True)
class Constant(Node):
    """A number, a text, true, false or null."""

    value: Any


@dataclass(frozen=True)
class Moment(Node):
    """`@"2026-01-31"`, and the like."""

    text: str


@dataclass(frozen=True)
class Beyond(Node):
    """A value that FEEL knows and nothing here can hold: whoever computes it gets a Failure that says so."""

    message: str
    remedy: str


@dataclass(frozen=True)
class Name(Node):
    name: str


@dataclass(frozen=True)
class Items(Node):
    """A list written out."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Entries(Node):
    """A context written out; later entries see earlier ones."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class Interval(Node):
    """`[low..high)`; an open end of `(< 5)` has no bound at all: None."""

    low: Node | None
    high: Node | None
    low_included: bool
    high_included: bool


@dataclass(frozen=True)
class Unequal(Node):
    """`(!= 5)` as a value: every value but one."""

    value: Node


@dataclass(frozen=True)
class Binary(Node):
    """`mark` is one of + - * / ** = != < <= > >=."""

    mark: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True)
class Negative(Node):
    value: Node


@dataclass(frozen=True)
class Logic(Node):
    """`and` or `or` over two or more parts."""

    word: str
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Not(Node):
    value: Node


@dataclass(frozen=True)
class Choice(Node):
    test: Node
    first: Node
    second: Node


@dataclass(frozen=True)
class Loop:
    """`name in values`, or `name in low..high`."""

    name: str
    values: Node
    high: Node | None = None


@dataclass(frozen=True)
class For(Node):
    loops: tuple[Loop, ...]
    made: Node
    partial: bool = False
    """Whether the rounds look at what has been made before them."""


@dataclass(frozen=True)
class Quantified(Node):
    """`some` or `every`."""

    word: str
    loops: tuple[Loop, ...]
    test: Node


@dataclass(frozen=True)
class Member(Node):
    owner: Node
    name: str


@dataclass(frozen=True)
class Filter(Node):
    items: Node
    condition: Node


@dataclass(frozen=True)
class Type:
    """A type's name with its parts: `list<number>`, `context<a: string>`, `function<number>->string`."""

    name: str
    parts: tuple["Type", ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Instance(Node):
    value: Node
    type: Type


@dataclass(frozen=True)
class Function(Node):
    """`function(a: number, b) body`."""

    parameters: tuple[str, ...]
    types: tuple[Type | None, ...]
    body: Node


@dataclass(frozen=True)
class Call(Node):
    """`function` is a name or whatever comes to a function; `names` stand beside `arguments` where they are named."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Test(Node):
    """One or more unary tests about the value `about`; any that holds is enough."""

    about: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True)
class Compared(Node):
    """A unary test `< 5`: about whatever is tested."""

    mark: str
    value: Node


@dataclass(frozen=True)
class Fits(Node):
    """A unary test that is an expression; `asks` says whether it asks about `?` itself."""

    value: Node
    asks: bool


def size(part: Any) -> int:
    """Nodes of a tree: what one computation of it costs."""
    if isinstance(part, tuple):
        return sum(map(size, part))
    if not is_dataclass(part) or isinstance(part, Type):
        return 0
    return 1 + sum(size(getattr(part, each.name)) for each in fields(part))
