"""Normalisation: vendor markup that no pass has read is named, so that nothing is left out in silence.

What is known to change the flow is a warning at its element; all else is told once for each kind.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from bpm.engine.bpmn.consumed import Element, Unread, forget, is_foreign, unread
from bpm.engine.bpmn.document import BpmnDocument, kind, label, local
from bpm.engine.bpmn.normalise.foreign.known_settings import KNOWN, Known

_ENGINES = re.compile(
    r"camunda|activiti|flowable|jboss|drools|kie|jbpm|spiffworkflow|processmaker|flowsforapex|apex\.mt-ag"
)
"""Namespaces of tools whose models run; what the others write are notes for their own screens."""
_ANYWHERE = frozenset({"candidateUsers", "followUpDate", "skipExpression", "errorExpression", "decisionRefBinding"})
"""Known settings that mean the same at whatever element of a vendor they are an attribute of."""
_KINDS = 40
"""How many kinds of leftovers are told one by one."""


@dataclass
class _Kind:
    """One kind of markup: where it stands first, and how often it is there."""

    first: Element
    space: str
    count: int = 0


@dataclass
class _Setting:
    known: Known
    owner: Element
    parts: list[Unread] = field(default_factory=list)


def name_leftovers(document: BpmnDocument) -> None:
    """One warning for each setting of an element that would change what happens, one info for each other kind."""
    kinds: dict[str, _Kind] = {}
    settings: dict[tuple[Element, str], _Setting] = {}
    for part in unread(document.root):
        owner, name = _owner(document, part), _known_name(part)
        if name and _is_harmless(part, KNOWN[name]):
            continue
        if name and owner is not None:
            settings.setdefault((owner, name), _Setting(KNOWN[name], owner)).parts.append(part)
            continue
        kinds.setdefault(_shown(part), _Kind(part.element, _space(part))).count += 1
    forget(document.root)
    for setting in settings.values():
        _note_setting(document, setting)
    _note_kinds(document, kinds)


def _owner(document: BpmnDocument, part: Unread) -> Element | None:
    """The element that a designer can click on; None for the file itself."""
    owner = document.named(part.element)
    return owner if owner.getparent() is not None else None


def _known_name(part: Unread) -> str:
    """Its key in the table of known settings; "" when it has none, or says only what happens anyway."""
    if not _ENGINES.search(_space(part)) or kind(part.element) == "sequenceFlow":
        return ""
    name = local(part.name)
    if name == "metaData" and not part.attribute:
        name = str(part.element.attrib.get("name", ""))
    within = f"{local(part.element.tag)} {name}" if part.attribute and is_foreign(part.element) else name
    if name in _ANYWHERE and within not in KNOWN:
        return name
    return within if within in KNOWN else ""


def _is_harmless(part: Unread, known: Known) -> bool:
    """Whether the setting says only what happens anyway."""
    return _value(part).lower() in known.harmless


def _value(part: Unread) -> str:
    """What the attribute says, or the text of an element that holds nothing else."""
    if part.attribute:
        return str(part.element.attrib[part.attribute]).strip()
    return "" if len(part.element) else (part.element.text or "").strip()


def _shown(part: Unread) -> str:
    """The markup as people see it in the file: `camunda:asyncBefore`, `zeebe:calledElement versionTag`."""
    prefix = f"{part.element.prefix}:" if part.element.prefix else ""
    if not part.attribute:
        return f"{prefix}{local(part.element.tag)}"
    if not part.attribute.startswith("{"):
        return f"{prefix}{local(part.element.tag)} {part.attribute}"
    space = etree.QName(part.attribute).namespace
    known = next((prefix for prefix, uri in part.element.nsmap.items() if uri == space and prefix), "")
    return f"{known}:{local(part.attribute)}" if known else local(part.attribute)


def _space(part: Unread) -> str:
    name = part.attribute if part.attribute.startswith("{") else str(part.element.tag)
    return etree.QName(name).namespace or ""


def _note_setting(document: BpmnDocument, setting: _Setting) -> None:
    first = setting.parts[0]
    details = [text for part in setting.parts for text in _details(part)]
    shown = _shown(first) + (f" ({', '.join(dict.fromkeys(details))})" if details else "")
    document.note(
        "setting-not-used",
        "warning",
        first.element,
        f"{label(setting.owner)!r} sets {shown}, which is not used here: {setting.known.effect}.",
        setting.known.remedy,
        before=_written(first),
    )


def _details(part: Unread) -> Iterator[str]:
    """What the setting is about: the value of an attribute, or the keys and names in an element."""
    if part.attribute:
        yield _value(part)[:60]
        return
    for inner in part.element.iter():
        for name in ("key", "name", "target", "varName", "eventType", "errorRef", "variableName"):
            if isinstance(inner.tag, str) and inner.attrib.get(name):
                yield str(inner.attrib[name])[:60]
                break
        if local(inner.tag) in ("varName", "expression", "metaValue") and (inner.text or "").strip():
            yield (inner.text or "").strip()[:60]


def _written(part: Unread) -> str:
    if part.attribute:
        return f'{local(part.attribute)}="{_value(part)}"'
    text = etree.tostring(part.element, encoding="unicode", with_tail=False)
    return re.sub(r'\s+xmlns(:\w+)?="[^"]*"', "", text)


def _note_kinds(document: BpmnDocument, kinds: dict[str, _Kind]) -> None:
    for shown, found in list(kinds.items())[:_KINDS]:
        owner = document.named(found.first)
        where = f"at {label(owner)!r}" if kind(owner) != "definitions" else "in the file's head"
        times = f"{found.count} times, first {where}" if found.count > 1 else f"once, {where}"
        document.note(
            "markup-not-used",
            "info",
            found.first if owner.getparent() is not None else None,
            f"{shown} is not used here: {times}.",
            "Nothing needs to be done if it is a note of your tool; draw what it does if it is to change what happens.",
            before=f"{shown} ({found.space})",
        )
    if len(kinds) > _KINDS:
        rest = list(kinds.items())[_KINDS:]
        document.note(
            "markup-not-used",
            "info",
            None,
            f"{len(rest)} further kinds of your tool's markup are not used here:"
            f" {', '.join(f'{shown} ({found.count})' for shown, found in rest[:20])}.",
            "Nothing needs to be done if they are notes of your tool.",
        )
