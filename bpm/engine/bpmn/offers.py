"""Which groups an executable model offers work to by name."""

from lxml import etree

from bpm.engine.bpmn.document import own


def named_groups(executable: bytes) -> set[str]:
    """Literal group names on tasks; groups that are worked out by an expression are known at run time only."""
    if not executable:
        return set()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(executable, parser)
    return {name.strip() for node in root.iter() if (name := node.get(own("group"), "")).strip()}
