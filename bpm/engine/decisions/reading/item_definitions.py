"""The types that a DMN file defines, and the values that they allow.

Source: OMG DMN 1.5 §7.3.2 (ItemDefinition) and §7.3.3 (allowed values).
"""

from collections.abc import Mapping

from lxml import etree

from bpm.engine.decisions.reading.table_reader import local, text_in
from bpm.engine.expressions.feel.tree import Type

Node = etree._Element  # noqa: SLF001 -- lxml names its public element type so

DEEPEST = 20


def short_name(type_ref: str) -> str:
    """`number` of `feel:number`, `{http://...}number` and `number`."""
    return " ".join(type_ref.rpartition("}")[2].rpartition(":")[2].split())


def item_types(root: Node) -> dict[str, Type]:
    """The types of a file by name."""
    return {
        name: _type_of(node, DEEPEST)
        for node in root
        if local(node) == "itemDefinition" and (name := " ".join((node.get("name") or "").split()))
    }


def imported_types(name: str, types: Mapping[str, Type]) -> dict[str, Type]:
    """The types of an imported file as the importing one calls them; those inside them go by the same names."""
    if not name:
        return dict(types)
    return {f"{name}.{own}": _renamed(kind, name, types) for own, kind in types.items()}


def _renamed(kind: Type, prefix: str, types: Mapping[str, Type]) -> Type:
    own = f"{prefix}.{kind.name}" if kind.name in types else kind.name
    return Type(own, tuple(_renamed(each, prefix, types) for each in kind.parts), kind.names)


def _type_of(node: Node, depth: int) -> Type:
    components = [child for child in node if local(child) == "itemComponent"]
    if components and depth:
        names = tuple(" ".join((each.get("name") or "").split()) for each in components)
        kind = Type("context", tuple(_type_of(each, depth - 1) for each in components), names)
    else:
        function = any(local(child) == "functionItem" for child in node)
        said = node.get("typeRef") or text_in(node, "typeRef") or ("function" if function else "Any")
        kind = Type(short_name(said))
    return Type("list", (kind,)) if (node.get("isCollection") or "").strip() in ("true", "1") else kind


def allowed_values(root: Node) -> Mapping[str, str]:
    """What a type allows, in FEEL, for those that say it."""
    found = {}
    for node in root:
        if local(node) == "itemDefinition":
            for child in node:
                if local(child) == "allowedValues" and (text := text_in(child, "text")):
                    found[" ".join((node.get("name") or "").split())] = text
    return found


def as_type(type_ref: str) -> Type | None:
    """The type that an attribute names; None where it says none, or a type that says nothing."""
    name = short_name(type_ref)
    return Type(name) if name and name not in ("Any", "Unspecified", "undefined") else None
