"""Normalisation: declared types of data, and the values that data objects begin with.

Sources: BPMN 2.0.2, 10.4.1 (item definitions); Flowable and Activiti "Data objects" (a value in the extension).
"""

import re
from typing import Any

import orjson
from lxml import etree

from bpm.engine.bpmn.document import BpmnDocument, Element, children, label, local, own, tag, text_of
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import extensions, vendor

_BOOLEANS = {"true": True, "false": False}


def typed_literal(text: str, part: Element | None) -> str:
    """The text as a constant of the type that `part` declares; "" where it declares none, or a text."""
    value = _typed(text, declared_type(part)) if part is not None else text
    return "" if isinstance(value, str) else repr(value)


def declared_type(part: Element) -> str:
    """The last word of the declared type, in small letters: integer, boolean, string ..."""
    reference = part.get("itemSubjectRef", "")
    for item in part.getroottree().getroot().iter(tag("itemDefinition")):
        if item.get("id") == reference.rpartition(":")[2]:
            reference = item.get("structureRef", "") or reference
    return re.split(r"[.:]", vendor(part, "dtype") or reference)[-1].lower()


def _typed(text: str, declared: str) -> Any:
    if declared in ("boolean", "bool"):
        return _BOOLEANS.get(text.lower(), text)
    try:
        if declared in ("int", "integer", "long", "short", "byte", "biginteger"):
            return int(text)
        if declared in ("double", "float", "decimal", "number", "bigdecimal"):
            return float(text)
    except ValueError:
        return text
    return text


def read_first_values(document: BpmnDocument) -> None:
    """e:first holds the value with which a data object begins in its process or subprocess."""
    for scope in document.scopes():
        for part in children(scope, "dataObject"):
            written = next(extensions(part, "value"), None)
            if written is None:
                continue
            inner = next((piece for piece in written if local(piece.tag)), written)
            value = _typed(text_of(inner), declared_type(part))
            first = etree.SubElement(scope, own("first"), name=part.get("name") or part.get("id") or "")
            first.text = orjson.dumps(value).decode()
            document.executed(part, f"first value of {label(part)}", text_of(inner), first.text)
