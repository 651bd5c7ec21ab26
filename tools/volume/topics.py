"""`python -m tools.volume.topics FOLDER`: a company's own topics learned and judged by the product's own commands.

FOLDER holds labelled sets as JSON Lines (gzip): 77 intents of banking, 31 of conversations, 11 products of complaints,
150 intents with items that belong to none. Where a set has no items of its own to judge by, every fifth one is held
out, told by its words' hash, so that the same ones are held out each time. Prints a row of a table for each set.
"""

import gzip
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import click

from tools.bench.report import machine

Item = dict[str, str]


@dataclass(frozen=True)
class Labelled:
    """A set: its name, its file, the label that is the topic; `judged_by` names a file of items of their own."""

    name: str
    file: str
    label: str
    judged_by: str = ""
    none: str = ""
    """The label of items that belong to no topic."""


SETS = (
    Labelled("77 intents of banking", "banking77.train.jsonl.gz", "category"),
    Labelled("31 intents of conversations", "multidogo_conversation.train.jsonl.gz", "conversation_intent"),
    Labelled("products of complaints", "cfpb_narratives.train.jsonl.gz", "product"),
    Labelled("150 intents", "clinc150.train.jsonl.gz", "intent", "clinc150.val.jsonl.gz", none="oos"),
)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--only", default="", help="Only sets whose name holds this.")
def main(folder: Path, only: str) -> None:
    """Prints what came out."""
    click.echo(machine())
    columns = (
        "topics", "learned", "judged", "right", "macro-F1", "right of the surest 80 %",
        "of none caught at 5 % lost", "learned in", "pipeline",
    )  # fmt: skip
    click.echo(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for each in SETS:
        if only in each.name:
            click.echo(_row(folder, each))


def _row(folder: Path, chosen: Labelled) -> str:
    learn, judge, outside = _parts(folder, chosen)
    with tempfile.TemporaryDirectory() as place:
        data, tests, others, model = (Path(place) / name for name in ("learn", "judge", "none", "model"))
        for path, items in ((data, learn), (tests, judge), (others, outside)):
            path.with_suffix(".jsonl").write_text("".join(json.dumps(item) + "\n" for item in items))
        begun = perf_counter()
        _earshot(place, "train", "--data", f"{data}.jsonl", "--only", "--out", str(model), "--json")
        took = perf_counter() - begun
        apart = ("--out-of-scope", f"{others}.jsonl") if outside else ()
        told = json.loads(_earshot(place, "evaluate", f"{tests}.jsonl", *apart, "--model", str(model), "--json"))
        size = sum(path.stat().st_size for path in model.rglob("*") if path.is_file())
    caught = f"{told['out_of_scope']['caught']:.1%}" if outside else ""
    return (
        f"| {chosen.name} | {len(learn):,} | {len(judge):,} | {told['accuracy']:.1%} | {told['macro_f1']:.3f}"
        f" | {told['coverage']['0.8']:.1%} | {caught} | {took:.0f} s | {size / 1e6:.1f} MB |"
    )


def _parts(folder: Path, chosen: Labelled) -> tuple[list[Item], list[Item], list[Item]]:
    """(learned, judged by, of no topic)."""
    items = list(_items(folder / chosen.file, chosen.label))
    theirs = list(_items(folder / chosen.judged_by, chosen.label)) if chosen.judged_by else []
    outside = [each for each in theirs if each["topic"] == chosen.none] if chosen.none else []
    if theirs:
        learn, judge = items, theirs
    else:
        learn = [each for each in items if not _is_held_out(each)]
        judge = [each for each in items if _is_held_out(each)]
    known = {each["topic"] for each in learn if each["topic"] != chosen.none or not chosen.none}
    return [e for e in learn if e["topic"] in known], [e for e in judge if e["topic"] in known], outside


def _is_held_out(item: Item) -> bool:
    return hashlib.sha256(item["text"].encode()).digest()[0] % 5 == 0


def _items(path: Path, label: str) -> Iterator[Item]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record: dict[str, Any] = json.loads(line)
            yield {"text": record["text"], "topic": str(record["labels"][label]), "channel": record["channel"]}


def _earshot(home: str, *words: str) -> bytes:
    earshot = str(Path(sys.executable).with_name("earshot"))
    env = {"PATH": str(Path(sys.executable).parent), "EARSHOT_HOME": f"{home}/home", "EARSHOT_LOG_LEVEL": "ERROR"}
    return subprocess.run([earshot, *words], env=env, stdout=subprocess.PIPE, check=True).stdout  # noqa: S603 -- our own


if __name__ == "__main__":
    main()
