"""The shipped labelled items: every label is of its closed list, every text has a licence that travels along."""

import gzip
import re
from itertools import takewhile
from pathlib import Path

import orjson
import pytest

from bpm.feedback.classification.train.corpus import LABELLED_FILE, read_labelled
from bpm.feedback.classification_result import KINDS

MORE_FILE = LABELLED_FILE.with_name("labelled_more.jsonl.gz")
WRITTEN_FILE = LABELLED_FILE.with_name("labelled_written.jsonl.gz")
SOURCES_FILE = LABELLED_FILE.with_name("SOURCES.md")
SCALES = {"1-5": (1, 5), "0-10": (0, 10)}


def records(path: Path) -> list[dict]:
    return [orjson.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


@pytest.mark.parametrize("path", [LABELLED_FILE, MORE_FILE, WRITTEN_FILE], ids=lambda path: path.name)
def test_every_label_is_of_its_closed_list_and_no_id_comes_twice(path: Path) -> None:
    items = records(path)
    for item in items:
        assert item["text"].strip(), item["id"]
        assert item["kinds"], item["id"]
        assert set(item["kinds"]) <= set(KINDS), item["id"]
        assert len(set(item["kinds"])) == len(item["kinds"]), item["id"]
        assert item["sentiment"] in (-1, 0, 1), item["id"]
        assert item["urgency"] in (0, 1, 2, 3), item["id"]
        assert isinstance(item["wants_reply"], bool), item["id"]
    assert len({item["id"] for item in items}) == len(items) == len(read_labelled(path))


def test_further_items_keep_the_rules_beside_the_weights() -> None:
    for item in records(MORE_FILE):
        if "other" in item["kinds"]:
            assert (item["kinds"], item["urgency"], item["wants_reply"]) == (["other"], 0, False), item["id"]
        elif item["kinds"][0] != "praise":
            assert item["urgency"] >= 1, item["id"]


def test_a_rating_stands_beside_the_text_with_its_scale() -> None:
    rated = [item for item in records(MORE_FILE) if "rating" in item]
    assert len(rated) > 400
    for item in rated:
        low, high = SCALES[item["rating_scale"]]
        assert low <= item["rating"] <= high, item["id"]
    assert all(item["question"].strip() for item in records(MORE_FILE) if "question" in item)


def test_no_text_of_one_file_is_in_the_other() -> None:
    plain = [
        [re.sub(r"\W+", " ", item["text"].lower()).strip() for item in records(path)]
        for path in (LABELLED_FILE, MORE_FILE)
    ]
    assert not set(plain[0]) & set(plain[1])
    assert len(set(plain[1])) == len(plain[1])


def test_every_source_names_its_licence_and_counts_its_items() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in _table(SOURCES_FILE)]
    named = {source: (int(count), licence) for source, count, _, licence in rows}
    counted: dict[str, int] = {}
    for item in records(MORE_FILE):
        counted[item["source"]] = counted.get(item["source"], 0) + 1
    assert {source: count for source, (count, _) in named.items()} == counted
    assert all(re.match(r"MIT|Apache-2\.0|CC0-1\.0|CC BY 4\.0|public domain", licence) for _, licence in named.values())
    mit = (LABELLED_FILE.parent / "licences" / "LICENSE.MIT.txt").read_text(encoding="utf-8")
    for source, (_, licence) in named.items():
        if licence.startswith("MIT"):
            assert source.rsplit("-20", 1)[0] in mit, source


def _table(path: Path) -> list[str]:
    _, after = path.read_text(encoding="utf-8").split("| source | items |", 1)
    return list(takewhile(lambda line: line.startswith("|"), after.splitlines()[2:]))
