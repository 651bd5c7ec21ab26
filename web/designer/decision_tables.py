"""Decisions drawn as tables of text: columns, rules, hit policy in words; read-only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bpm.engine.decisions import Decision, DecisionFile, Table, as_bytes, as_written, functions_of, read_files

POLICIES = {
    "UNIQUE": "one rule at most may hold",
    "FIRST": "the first rule that holds answers",
    "ANY": "rules that hold together must give the same answer",
    "PRIORITY": "the most important answer counts",
    "OUTPUT ORDER": "all answers, the most important first",
    "RULE ORDER": "all answers, in the order of the rules",
    "COLLECT": "all answers together",
}
SUMS = {"SUM": "added up", "MIN": "the smallest", "MAX": "the largest", "COUNT": "counted"}


@dataclass(frozen=True)
class Column:
    label: str
    expression: str = ""


@dataclass(frozen=True)
class DrawnRule:
    number: int
    cells: tuple[str, ...]
    annotation: str
    holds: bool = False


@dataclass(frozen=True)
class DrawnDecision:
    """One decision as a page shows it; without columns it is the expression `literal`."""

    id: str
    name: str
    file: str
    question: str
    requires: tuple[str, ...]
    policy: str = ""
    meaning: str = ""
    inputs: tuple[Column, ...] = ()
    outputs: tuple[Column, ...] = ()
    rules: tuple[DrawnRule, ...] = ()
    literal: str = ""
    functions: tuple[str, ...] = ()
    """Knowledge models and services that it calls, one text each."""

    @property
    def annotated(self) -> bool:
        return any(rule.annotation for rule in self.rules)


def read_texts(texts: Mapping[str, str]) -> DecisionFile:
    """The DMN files of a version or upload, read once for as long as they are looked at."""
    return _read(tuple(sorted(texts.items())))


@lru_cache(maxsize=16)
def _read(texts: tuple[tuple[str, str], ...]) -> DecisionFile:
    return read_files({name: as_bytes(text) for name, text in texts})


def drawn_decisions(
    texts: Mapping[str, str], *, holding: Mapping[str, Sequence[int]] | None = None
) -> tuple[DrawnDecision, ...]:
    """Every decision of the files; `holding` marks the rules that hold, by decision."""
    read = read_texts(texts)
    return tuple(_drawn(each, read.decisions, (holding or {}).get(each.id, ())) for each in read.decisions.values())


def _drawn(decision: Decision, known: Mapping[str, Decision], holding: Sequence[int]) -> DrawnDecision:
    head = DrawnDecision(
        id=decision.id,
        name=decision.name,
        file=decision.file,
        question=decision.question,
        requires=tuple(known[name].name for name in decision.requires if name in known),
        literal=as_written(decision),
        functions=functions_of(decision),
    )
    return _with_table(head, decision.table, holding) if decision.table else head


def _with_table(head: DrawnDecision, table: Table, holding: Sequence[int]) -> DrawnDecision:
    meaning = POLICIES[table.hit_policy] + (f", {SUMS[table.aggregation]}" if table.aggregation else "")
    return DrawnDecision(
        **{
            **vars(head),
            "policy": table.hit_policy + (f" {table.aggregation}" if table.aggregation else ""),
            "meaning": meaning,
            "inputs": tuple(
                Column(each.label, each.expression.text if each.expression.text != each.label else "")
                for each in table.inputs
            ),
            "outputs": tuple(
                Column(each.label or each.name, each.name if each.label else "") for each in table.outputs
            ),
            "rules": tuple(
                DrawnRule(
                    number=number,
                    cells=tuple(cell.text or "-" for cell in (*rule.tests, *rule.answers)),
                    annotation=rule.annotation,
                    holds=number in holding,
                )
                for number, rule in enumerate(table.rules, 1)
            ),
        }
    )
