"""Puts tasks into the blocks of a model that is already running, and into the oracle's knowledge of where it stands."""

from collections.abc import Iterator
from copy import deepcopy
from random import Random

from tests.engine.spiff.blocks import Block

PLAIN = ("task", "twice")


class Widening:
    """Tasks with fresh names, put in at random: behind, before and beside where the instance stands."""

    def __init__(self, random: Random, numbers: Iterator[int]) -> None:
        self.random, self.numbers = random, numbers

    def of(self, block: Block) -> Block:
        """A copy of the block, as far as it has got, with tasks put in."""
        newer = deepcopy(block)
        self._into(newer)
        return newer

    def _into(self, part: Block) -> None:
        if part.kind in PLAIN or part.kind == "heard":
            return
        inner = {id(each): each for each in (*part.parts, *part.live)}
        for each in inner.values():
            self._into(each)
        if part.kind == "seq":
            self._between(part)
            return
        for number, each in enumerate(part.parts):
            if self.random.random() < 0.3:
                self._after(part, number, each)

    def _between(self, part: Block) -> None:
        for _ in range(self.random.randint(0, 2)):
            place = self.random.randint(0, len(part.parts))
            part.parts.insert(place, self._fresh("task", []))
            part.at += bool(part.live) and place <= part.at

    def _after(self, part: Block, number: int, inner: Block) -> None:
        """A task after a branch, a loop's body, an alternative."""
        sequence = self._fresh("seq", [inner])
        sequence.parts.append(self._fresh("task", []))
        part.parts[number] = sequence
        if any(live is inner for live in part.live):
            sequence.live, sequence.open = [inner], 1
            part.live = [sequence if live is inner else live for live in part.live]

    def _fresh(self, kind: str, parts: list[Block]) -> Block:
        return Block(kind, parts, 0, f"x{next(self.numbers)}_")
