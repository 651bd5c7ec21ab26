"""Forms for the tasks of a version that was deployed before forms were made: read out of what it executes."""

from collections.abc import Mapping
from typing import Any

import orjson
from lxml import etree

from bpm.engine import decisions
from bpm.engine.bpmn.asking.suggestions import suggest_forms
from bpm.engine.bpmn.document import BpmnDocument, own
from bpm.engine.decisions import Decision


def forms_made_for(executable: bytes, forms: Mapping[str, Any]) -> dict[str, Any]:
    """Element id -> JSON Schema for every task without a form in `forms`; `executable` is the normalised XML."""
    if not executable:
        return {}
    root = etree.fromstring(executable, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    document = BpmnDocument(root, decisions=_rules(root), given=forms)
    suggest_forms(document)
    return document.suggested


def _rules(root: etree._Element) -> dict[str, Decision]:
    written = {node.get("name") or "": node.text or "" for node in root.iterchildren(own("rules"))}
    return {name: decisions.from_plain(orjson.loads(text)) for name, text in written.items()}
