"""Ways to read vendor attributes, extension elements and data associations of a model."""

from collections.abc import Iterator

from bpm.engine.bpmn.consumed import mark
from bpm.engine.bpmn.document import Element, child, children, label, local, own, tag, text_of

_CAMUNDA_FAMILY = ("camunda.org/schema/1.0/bpmn", "activiti.org/bpmn", "flowable.org/bpmn", "camunda.com/fox")


def vendor(element: Element, name: str) -> str:
    """The value of a vendor attribute by its local name, whatever the vendor; "" when absent."""
    for key, value in element.attrib.items():
        if local(key) == name and local(key) != key and not str(key).startswith(own("")):
            mark(element, str(key))
            return str(value).strip()
    return ""


def extensions(element: Element, *names: str) -> Iterator[Element]:
    """Extension elements of a node by their local name, nested ones too."""
    holder = child(element, "extensionElements")
    if holder is not None:
        for part in holder.iter():
            if isinstance(part.tag, str) and local(part.tag) in names:
                mark(part)
                yield part


def is_camunda_family(root: Element) -> bool:
    """Whether the file is written for Camunda 7, Flowable or Activiti."""
    spaces = {str(space) for element in (root, *root) for space in element.nsmap.values()}
    return any(space.endswith(_CAMUNDA_FAMILY) for space in spaces)


def is_flowable(root: Element) -> bool:
    """Whether the file is written for Flowable or Activiti, and not for Camunda 7."""
    spaces = {str(space) for element in (root, *root) for space in element.nsmap.values()}
    named = any(space.endswith(("flowable.org/bpmn", "activiti.org/bpmn")) for space in spaces)
    return named and not any("camunda" in space for space in spaces)


def is_zeebe(root: Element) -> bool:
    """Whether the file is written for Camunda 8."""
    return any("camunda.org/schema/zeebe" in str(space) for part in (root, *root) for space in part.nsmap.values())


def is_jbpm(element: Element) -> bool:
    """Whether the file is written for jBPM or Kogito."""
    root = element.getroottree().getroot()
    return any("jboss.org" in str(space) for part in (root, *root) for space in part.nsmap.values())


def is_spiff(root: Element) -> bool:
    """Whether the file is written for SpiffWorkflow."""
    spaces = {str(space) for element in (root, *root) for space in element.nsmap.values()}
    return any("spiffworkflow.org" in space for space in spaces)


def input_assignments(task: Element) -> dict[str, str]:
    """Data input name -> constant that a dataInputAssociation assigns to it (jBPM's way to set task properties)."""
    names = {part.get("id") or "": part.get("name") or "" for part in task.iter(tag("dataInput"))}
    found: dict[str, str] = {}
    for association in children(task, "dataInputAssociation"):
        constant = text_of(next(association.iter(tag("from")), None))
        target = names.get(text_of(child(association, "targetRef")), "")
        if target and constant:
            found[target] = constant
    return found


def input_variables(task: Element) -> dict[str, str]:
    """Data input id and name -> variable that a dataInputAssociation copies into it."""
    return _associated(task, "dataInputAssociation", "targetRef", "sourceRef", "dataInput")


def output_variables(task: Element) -> dict[str, str]:
    """Data output id and name -> variable that it is copied to."""
    return _associated(task, "dataOutputAssociation", "sourceRef", "targetRef", "dataOutput")


def _associated(task: Element, association_kind: str, inner: str, outer: str, data: str) -> dict[str, str]:
    names = {part.get("id", ""): part.get("name", "") for part in task.iter(tag(data))}
    variables = variable_names(task.getroottree().getroot())
    found: dict[str, str] = {}
    for association in children(task, association_kind):
        there, here = text_of(child(association, outer)), text_of(child(association, inner))
        if there and here and not list(association.iter(tag("from"), tag("transformation"))):
            found[here] = found[names.get(here) or here] = variables.get(there, there)
    return found


def variable_names(root: Element) -> dict[str, str]:
    """Ids of properties and data objects of a file -> the variable's name."""
    objects = {part.get("id", ""): label(part) for part in root.iter(tag("dataObject"))}
    return {
        part.get("id", ""): part.get("name") or objects.get(part.get("dataObjectRef", "")) or part.get("id") or ""
        for part in root.iter(tag("property"), tag("dataObject"), tag("dataObjectReference"))
    }
