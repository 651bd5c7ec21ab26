"""What the tests of the shipped processes read in their folders."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lxml import etree

from bpm.engine.bpmn.model import Prepared
from bpm.engine.definitions.prepare import prepare

SHIPPED = Path(__file__).parents[3] / "process_models"
KEYS = sorted(path.parent.name for path in SHIPPED.glob("*/*.bpmn"))
GROUPS = {"service", "marketing", "it", "operations"}
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
NODES = re.compile("Task$|Event$|Gateway$|^callActivity$|^subProcess$")

Box = tuple[float, float, float, float]


def folder(key: str) -> Path:
    return SHIPPED / key


def model(key: str) -> Prepared:
    decisions = {path.name: path.read_bytes() for path in folder(key).glob("*.dmn")}
    return prepare((folder(key) / f"{key}.bpmn").read_bytes(), f"{key}.bpmn", decisions=decisions)


def tree(key: str) -> etree._Element:
    return etree.parse(folder(key) / f"{key}.bpmn").getroot()


def nodes(key: str) -> list[etree._Element]:
    parts = [part for part in tree(key).iter() if isinstance(part.tag, str) and part.tag.startswith(BPMN)]
    return [part for part in parts if NODES.search(etree.QName(part).localname)]


def cases(key: str) -> list[dict[str, Any]]:
    return [case for case in _written(key) if "decision" not in case]


def tables(key: str) -> list[dict[str, Any]]:
    """The cases that test decisions as tables."""
    return [case for case in _written(key) if "decision" in case]


def _written(key: str) -> list[dict[str, Any]]:
    return list(json.loads((folder(key) / "tests.json").read_text(encoding="utf-8")))


def forms(key: str) -> dict[str, dict[str, Any]]:
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in folder(key).glob("forms/*.json")}


def read_beside(key: str) -> Callable[[str], bytes]:
    return lambda name: (folder(key) / name).read_bytes()
