"""Blocks of random models: each knows its XML and is its own oracle of what is open in it, without the engine."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import pairwise

from tests.engine.spiff.bench import flow

HOUR = 3600
HOSTS = ("timed", "told", "wrong", "stopped")
"""Blocks that begin with their first part and may go on with their second: boundary timer, boundary message, error
that the first part ends in, interrupting event subprocess."""
What = tuple[str, str]
"""("task" | "message" | "timer", element id)"""


@dataclass
class World:
    """What the oracle knows of the instance: the time and the variable that conditions are about."""

    now: float
    visits: int = 0


@dataclass
class Block:
    """A block of a model; `parts` are the blocks in it."""

    kind: str
    parts: list[Block]
    number: int
    name: str = ""
    live: list[Block] = field(default_factory=list)
    at: int = 0
    open: int = 0
    """Open work items of a leaf; 1 while a host or a race is on."""
    due: float = 0

    # The model

    def xml(self) -> tuple[str, str, str]:
        """(first element, last element, XML)."""
        n = self.name
        if self.kind == "task":
            return n, n, f'<userTask id="{n}"/>'
        if self.kind == "twice":
            kind = "multiInstanceLoopCharacteristics"
            return n, n, f'<userTask id="{n}"><{kind}><loopCardinality>2</loopCardinality></{kind}></userTask>'
        if self.kind == "seq":
            inner = [part.xml() for part in self.parts]
            joins = "".join(flow(a[1], b[0]) for a, b in pairwise(inner))
            return inner[0][0], inner[-1][1], "".join(part[2] for part in inner) + joins
        if self.kind == "sub":
            return n, n, f'<subProcess id="{n}">{self._inside(self.parts[0])}</subProcess>'
        if self.kind in HOSTS:
            return self._host_xml()
        if self.kind == "loop":
            return self._loop_xml()
        return {"race": self._race_xml, "heard": self._heard_xml}.get(self.kind, self._gateway_xml)()

    def _inside(self, part: Block, *, more: str = "") -> str:
        n, (first, last, body) = self.name, part.xml()
        body += f'<startEvent id="{n}s"/><endEvent id="{n}e"/>' + flow(f"{n}s", first)
        return body + (more or flow(last, f"{n}e"))

    def _host_xml(self) -> tuple[str, str, str]:
        n, (alt, alt_last, alt_body) = self.name, self.parts[1].xml()
        if self.kind == "stopped":
            start = f'<startEvent id="{n}b"><messageEventDefinition messageRef="M"/></startEvent>'
            inner = f'{start}{alt_body}<endEvent id="{n}a"/>' + flow(f"{n}b", alt) + flow(alt_last, f"{n}a")
            handler = f'<subProcess id="{n}h" triggeredByEvent="true">{inner}</subProcess>'
            return n, n, f'<subProcess id="{n}">{self._inside(self.parts[0])}{handler}</subProcess>'
        event, more = self._event(), ""
        if self.kind == "wrong":
            last = self.parts[0].xml()[1]
            more = f'<exclusiveGateway id="{n}g" default="{n}g_{n}e"/><endEvent id="{n}r">{event}</endEvent>'
            more += flow(last, f"{n}g") + flow(f"{n}g", f"{n}r", self.condition(0)) + flow(f"{n}g", f"{n}e")
        body = f'<subProcess id="{n}">{self._inside(self.parts[0], more=more)}</subProcess>'
        body += f'<boundaryEvent id="{n}b" attachedToRef="{n}">{event}</boundaryEvent>{alt_body}'
        body += f'<exclusiveGateway id="{n}j"/>' + flow(n, f"{n}j") + flow(f"{n}b", alt) + flow(alt_last, f"{n}j")
        return n, f"{n}j", body

    def _event(self) -> str:
        if self.kind in ("timed", "race"):
            lasts = f"PT{HOUR + self.number}S"
            return f"<timerEventDefinition><timeDuration>{lasts}</timeDuration></timerEventDefinition>"
        return '<errorEventDefinition errorRef="E"/>' if self.kind == "wrong" else self._message()

    def _message(self) -> str:
        return '<messageEventDefinition messageRef="M"/>'

    def _loop_xml(self) -> tuple[str, str, str]:
        n, (first, last, body) = self.name, self.parts[0].xml()
        gates = f'<exclusiveGateway id="{n}m"/><exclusiveGateway id="{n}g" default="{n}g_{n}x"/>'
        gates += f'<exclusiveGateway id="{n}x"/>'
        flows = flow(f"{n}m", first) + flow(last, f"{n}g") + flow(f"{n}g", f"{n}m", self.condition(0))
        return f"{n}m", f"{n}x", body + gates + flows + flow(f"{n}g", f"{n}x")

    def _race_xml(self) -> tuple[str, str, str]:
        n, body = self.name, ""
        for event, part, definition in (("b", self.parts[0], self._message()), ("t", self.parts[1], self._event())):
            first, last, inner = part.xml()
            body += f'<intermediateCatchEvent id="{n}{event}">{definition}</intermediateCatchEvent>{inner}'
            body += flow(n, f"{n}{event}") + flow(f"{n}{event}", first) + flow(last, f"{n}j")
        return n, f"{n}j", f'<eventBasedGateway id="{n}"/><exclusiveGateway id="{n}j"/>{body}'

    def _heard_xml(self) -> tuple[str, str, str]:
        n, inner = self.name, self._inside(self.parts[0])
        host, said = self.parts[0].name, self.parts[1].name
        inner += f'<boundaryEvent id="{n}b" attachedToRef="{host}" cancelActivity="false">{self._message()}'
        inner += f'</boundaryEvent><userTask id="{said}"/><endEvent id="{n}a"/>'
        return n, n, f'<subProcess id="{n}">{inner}{flow(f"{n}b", said)}{flow(said, f"{n}a")}</subProcess>'

    def _gateway_xml(self) -> tuple[str, str, str]:
        n, tag = self.name, {"par": "parallelGateway", "xor": "exclusiveGateway", "inc": "inclusiveGateway"}[self.kind]
        out, last, first_of_last = "", len(self.parts) - 1, ""
        for i, part in enumerate(self.parts):
            first, end, body = part.xml()
            conditional = self.kind != "par" and i < last
            out += body + flow(f"{n}f", first, self.condition(i) if conditional else None) + flow(end, f"{n}j")
            first_of_last = first
        default = f' default="{n}f_{first_of_last}"' if self.kind != "par" else ""
        return f"{n}f", f"{n}j", f'<{tag} id="{n}f"{default}/><{tag} id="{n}j"/>' + out

    def condition(self, i: int) -> str:
        """The condition of the flow number `i` out of this block."""
        return f"(visits + {self.number + i}) % 3 {'!=' if self.kind == 'inc' else '=='} 0"

    def holds(self, i: int, world: World) -> bool:
        """What that condition is worth."""
        return ((world.visits + self.number + i) % 3 == 0) is (self.kind != "inc")

    # The oracle

    def begin(self, world: World) -> None:
        """A token came into the block."""
        self.live, self.at, self.due = [], 0, world.now + HOUR + self.number
        self.open = 2 if self.kind == "twice" else 1
        if self.kind not in ("task", "twice", "race"):
            chosen = self._chosen(world)
            for part in chosen:
                part.begin(world)
            self.live = list(chosen)

    def _chosen(self, world: World) -> list[Block]:
        if self.kind not in ("par", "xor", "inc"):
            return self.parts[:1]
        if self.kind == "par":
            return self.parts
        fitting = [part for i, part in enumerate(self.parts[:-1]) if self.holds(i, world)]
        return (fitting or self.parts[-1:])[:1] if self.kind == "xor" else fitting or self.parts[-1:]

    def tasks(self) -> Counter[str]:
        """Open work items by element."""
        if self.kind in ("task", "twice"):
            return Counter({self.name: self.open}) if self.open else Counter()
        return sum((part.tasks() for part in self.live), Counter())

    def messages(self) -> set[str]:
        """Elements that wait for a message."""
        own = {f"{self.name}b"} if self.kind in ("told", "stopped", "race", "heard") and self.open else set()
        return own.union(*(part.messages() for part in self.live))

    def timers(self) -> dict[str, float]:
        """Elements that wait for a timer, with the due instant."""
        own = {f"{self.name}{'t' if self.kind == 'race' else 'b'}": self.due} if self.kind in ("timed", "race") else {}
        found = own if self.open else {}
        for part in self.live:
            found = {**found, **part.timers()}
        return found

    def _has(self, what: What) -> bool:
        return what[1] in {"task": self.tasks, "message": self.messages, "timer": self.timers}[what[0]]()

    def happen(self, what: What, world: World) -> bool:
        """A work item is completed or an event comes; whether the whole block is done with it."""
        if self.kind in ("task", "twice"):
            self.open -= 1
            return self.open == 0
        if what[0] != "task" and self.open and what[1] in (f"{self.name}b", f"{self.name}t"):
            self._own(what, world)
            return False
        part = next(part for part in self.live if part._has(what))
        return part.happen(what, world) and self._done_with(part, world)

    def _own(self, what: What, world: World) -> None:
        """The block's own event came."""
        if self.kind == "heard":
            spoken = deepcopy(self.parts[1])
            spoken.begin(world)
            self.live.append(spoken)
            return
        self.open = 0
        self.live = [self.parts[0] if self.kind == "race" and what[1].endswith("b") else self.parts[1]]
        self.live[0].begin(world)

    def _done_with(self, part: Block, world: World) -> bool:
        again = self.kind == "loop" and self.holds(0, world)
        fails = self.kind == "wrong" and self.open and self.holds(0, world)
        if (self.kind == "seq" and self.at + 1 < len(self.parts)) or again or fails:
            self.at += self.kind == "seq"
            self.open = 0 if fails else self.open
            self.live = [self.parts[1] if fails else self.parts[self.at]]
            self.live[0].begin(world)
            return False
        if part is self.parts[0] and self.kind == "heard":
            self.open = 0
        self.live = [other for other in self.live if other is not part]
        return not self.live
