"""Two trees compared: every attribute, text and child that differs, each with the way to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bpm.engine.differences.alignment import Pair, aligned, moved

EMPTY = "(empty)"
"""What is there and says nothing, as opposed to what is not there."""
THERE = "yes"
CELL = "cell"
"""Name of a child that goes by its label alone: a cell of a table."""


@dataclass(frozen=True)
class Step:
    """One step on the way: a child by its name and what tells it from its like, or an attribute (`@name`)."""

    name: str
    key: str = ""


Way = tuple[Step, ...]


@dataclass(frozen=True)
class Node:
    """An element of a tree, without what has no meaning."""

    name: str
    """Local name."""
    space: str = ""
    """Namespace, "" for that of the language itself."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """By local name; of another namespace than the element's language as `{namespace}name`."""
    text: str = ""
    children: tuple["Node", ...] = ()
    key: str = ""
    """What tells it from its siblings of the same name; "" where nothing does."""
    across: bool = False
    """Whether its children's order counts across names."""
    label: str = ""
    """What people call it where that is not the key: the number of a rule, the title of a column."""
    whole: bool = False
    """Whether it is told in one line when it came or went."""

    @property
    def step(self) -> Step:
        return Step(self.name, self.label or self.key)


@dataclass(frozen=True)
class Delta:
    """One difference: `before` and `after` as written, "" where nothing is."""

    way: Way
    before: str
    after: str


def compare(before: Node, after: Node, way: Way = ()) -> Iterator[Delta]:
    """What differs between two nodes that stand for the same thing, in the order of the newer one."""
    for name in {**before.attributes, **after.attributes}:
        old, new = before.attributes.get(name), after.attributes.get(name)
        if old != new:
            yield Delta((*way, Step(f"@{name}")), _written(old), _written(new))
    if before.text != after.text:
        yield Delta(way, before.text, after.text)
    yield from _compare_children(before, after, way)


def leaves(node: Node, way: Way) -> Iterator[tuple[Way, str]]:
    """Everything that a node says, for one that was added or removed as a whole."""
    if node.whole and node.children:
        parts = (part for child in node.children for part in leaves(child, (child.step,)))
        yield (
            way,
            "; ".join(_path(where) if where[-1].key == text else f"{_path(where)} {text}" for where, text in parts),
        )
        return
    said = [f"{_plain(name)} {_written(value)}" for name, value in _told(node).items()]
    only = next(iter(_told(node).values()), "") if len(said) == 1 and not node.text else ""
    text = _written(only) if only else ", ".join([*([node.text] if node.text else []), *said])
    if text or not node.children:
        yield way, text or THERE
    for child in node.children:
        yield from leaves(child, (*way, child.step))


def _path(way: Way) -> str:
    steps = (f"{_plain(step.name.removeprefix('@'))} {step.key}".strip() for step in way if step.name != CELL)
    return " ".join(filter(None, steps)) or f"{way[-1].key}:"


def _told(node: Node) -> dict[str, str]:
    """Its attributes but for the one that is its key, and for its type where it has a text."""
    told = {name: value for name, value in node.attributes.items() if not (node.text and _plain(name) == "type")}
    return {name: value for name, value in told.items() if value != node.key or not (node.text or len(told) > 1)}


def _plain(name: str) -> str:
    return name.rpartition("}")[2]


def _written(value: str | None) -> str:
    return "" if value is None else value or EMPTY


def _compare_children(before: Node, after: Node, way: Way) -> Iterator[Delta]:
    for olds, news in _by_name(before.children, after.children):
        pairs = aligned(olds, news, keys=([each.key for each in olds], [each.key for each in news]), like=likeness)
        for at_old, at_new in pairs:
            old = olds[at_old] if at_old is not None else None
            new = news[at_new] if at_new is not None else None
            if old and new:
                yield from compare(old, new, (*way, new.step)) if old != new else ()
            else:
                yield from _whole(old, new, way)
        if moved(pairs):
            yield Delta((*way, Step(news[0].name), Step("@order")), *_orders(olds, news, pairs))
    if after.across and _names(before) != _names(after) and sorted(_names(before)) == sorted(_names(after)):
        yield Delta((*way, Step("@order")), ", ".join(_names(before)), ", ".join(_names(after)))


def likeness(old: Node, new: Node) -> int:
    """How many of their children say the same."""
    return len(set(map(repr, old.children)) & set(map(repr, new.children)))


def _names(node: Node) -> list[str]:
    return [each.name for each in node.children]


def _whole(old: Node | None, new: Node | None, way: Way) -> Iterator[Delta]:
    node = new or old
    assert node is not None  # noqa: S101 -- one of a pair is always there
    for where, text in leaves(node, (*way, node.step)):
        yield Delta(where, "" if new else text, text if new else "")


def _orders(olds: Sequence[Node], news: Sequence[Node], pairs: Sequence[Pair]) -> tuple[str, str]:
    both = [(old, new) for old, new in pairs if old is not None and new is not None]
    return ", ".join(_short(olds[old]) for old, _ in sorted(both)), ", ".join(_short(news[new]) for _, new in both)


def _short(node: Node) -> str:
    return node.label or node.key or node.text[:40] or next(iter(node.attributes.values()), "")[:40] or node.name


def _by_name(befores: Sequence[Node], afters: Sequence[Node]) -> Iterator[tuple[list[Node], list[Node]]]:
    names = dict.fromkeys((each.name, each.space) for each in (*afters, *befores))
    for name in names:
        olds, news = ([each for each in side if (each.name, each.space) == name] for side in (befores, afters))
        yield olds, news
