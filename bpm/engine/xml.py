"""Hardened reading of an uploaded file: bytes become an XML tree within limits, or a finding says why not."""

import re

from lxml import etree

from bpm.engine.findings import Finding
from bpm.foundation.errors import RefusedError

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
MAX_BYTES = 2_000_000
MAX_DEPTH = 64
MAX_NODES = 20_000
MAX_ATTRIBUTES = 200
MAX_FLOW_NODES = 3_000


def read(source: bytes) -> etree._Element:
    """The root element `definitions` of a BPMN file; RefusedError as `read_xml`, or with the finding not-bpmn."""
    root = read_xml(source)
    if etree.QName(root).namespace != MODEL or etree.QName(root).localname != "definitions":
        raise _refused(
            "not-bpmn",
            f"The file is XML, but its root element <{etree.QName(root).localname}> of the namespace"
            f" {etree.QName(root).namespace or '(none)'} is not the <definitions> of BPMN 2.0.",
            "Export the model as BPMN 2.0 XML (.bpmn) and upload that file.",
            line=_line(root),
        )
    return root


def read_xml(source: bytes) -> etree._Element:
    """The root element of an uploaded XML file of whatever kind.

    Raises RefusedError with one finding: too large, no XML, DOCTYPE, too deep, too many nodes.
    Entities are never resolved and nothing is fetched; the encoding is read from the bytes themselves.
    """
    if len(source) > MAX_BYTES:
        raise _refused(
            "too-large",
            f"The file has {len(source)} bytes; the limit is {MAX_BYTES}.",
            "Split the model into several files and call one from the other.",
        )
    if not source.strip():
        raise _refused("empty-file", "The file is empty.", "Export the model again and upload the new file.")
    if source.count(b"<") > 3 * MAX_NODES:
        raise _too_many(0)
    _refuse_page_and_doctype(source)
    root = _parsed(source)
    _refuse_size(root)
    return root


def _refused(code: str, message: str, remedy: str, *, line: int = 0) -> RefusedError:
    finding = Finding(code=code, severity="error", message=message, remedy=remedy, line=line)
    return RefusedError(message, findings=(finding,), remedy=remedy)


def _line(element: etree._Element) -> int:
    line = element.sourceline
    return line if isinstance(line, int) else 0


def _as_text(source: bytes) -> str:
    """The text for a look at its beginning: UTF-16 is told by its mark or zero bytes, all else reads as Latin-1."""
    if source[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return source.decode("utf-16", errors="replace")
    for codec, sign in (("utf-16-le", b"<\0"), ("utf-16-be", b"\0<")):
        if source.startswith(sign):
            return source.decode(codec, errors="replace")
    return source.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _refuse_page_and_doctype(source: bytes) -> None:
    text = _as_text(source)
    start = text.lstrip()
    if re.match(r"<(?:!doctype\s+html|html)\b", start, re.IGNORECASE):
        raise _refused(
            "html-page",
            "The file is a web page, not a BPMN model; probably an error or log-in page was saved under its name.",
            "Download the model again, or export it from your modelling tool.",
            line=1,
        )
    if not start.startswith("<"):
        raise _refused(
            "not-xml",
            f"The file is no XML: it begins with {start[:20]!r}.",
            "Upload the BPMN 2.0 XML (.bpmn); unpack archives first.",
            line=1,
        )
    # Atomic and possessive: a thousand comments must not be tried in a thousand ways.
    found = re.match(r"(?>\s+|<\?.*?\?>|<!--.*?-->)*+(<!DOCTYPE)", text, re.IGNORECASE | re.DOTALL)
    if found:
        raise _refused(
            "doctype",
            "The file declares a DOCTYPE; these can read other files or blow up memory and are never accepted.",
            "Remove the <!DOCTYPE ...> declaration.",
            line=text.count("\n", 0, found.start(1)) + 1,
        )


def _parsed(source: bytes, *, tolerant: bool = False) -> etree._Element:
    """The tree; `tolerant` lets names of namespaces pass that are no URI, and nothing else."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        dtd_validation=False,
        recover=tolerant,
    )
    try:
        root = etree.fromstring(source, parser)
        _refuse_other_errors(parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        readable = _in_utf_8(source, error)
        if readable is not None:
            return _parsed(readable)
        if getattr(error, "code", None) == etree.ErrorTypes.WAR_NS_URI and not tolerant:
            return _parsed(source, tolerant=True)
        line = getattr(error, "lineno", 0) or 0
        raise _refused(
            "not-well-formed",
            f"The XML is broken: {getattr(error, 'msg', None) or error}.",
            "Export the model again, or correct the XML at this line.",
            line=line,
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused("doctype", "The file declares a DOCTYPE.", "Remove the <!DOCTYPE ...> declaration.", line=1)
    return root


def _refuse_other_errors(parser: etree.XMLParser) -> None:
    for entry in parser.error_log:
        if entry.type not in (etree.ErrorTypes.WAR_NS_URI, etree.ErrorTypes.WAR_NS_URI_RELATIVE):
            raise ValueError(f"{entry.message}, line {entry.line}")


def _in_utf_8(source: bytes, error: Exception) -> bytes | None:
    """Some tools write Windows-1252 under the name of UTF-8: the same file as UTF-8; None if that is not the trouble.

    Names and texts are all that differs: a byte that is no UTF-8 never stands in markup of BPMN.
    """
    if "ncod" not in str(error) or b"\0" in source[:200] or _is_utf_8(source):
        return None
    return source.decode("cp1252", errors="replace").encode("utf-8")


def _is_utf_8(source: bytes) -> bool:
    try:
        source.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def is_misnamed(source: bytes, root: etree._Element) -> bool:
    """Whether the file calls itself UTF-8 and was read as Windows-1252."""
    return root.getroottree().docinfo.encoding in (None, "UTF-8", "utf-8") and not _is_utf_8(source)


def _refuse_size(root: etree._Element) -> None:
    nodes = depth = flow_nodes = namespaces = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "start-ns", "end-ns")):
        if event.endswith("ns"):
            namespaces += 1 if event == "start-ns" else -1
            _refuse_namespaces(namespaces)
            continue
        depth += 1 if event == "start" else -1
        nodes += event == "start"
        if depth > MAX_DEPTH:
            raise _refused(
                "too-deep",
                f"Elements are nested more than {MAX_DEPTH} deep.",
                "Turn inner subprocesses into processes of their own and call them.",
                line=_line(element),
            )
        if nodes > MAX_NODES:
            raise _too_many(_line(element))
        if event == "start":
            flow_nodes += str(element.tag).endswith(_FLOW)
            _refuse_attributes(element)
    if flow_nodes > MAX_FLOW_NODES:
        raise _refused(
            "too-many-elements",
            f"The model has {flow_nodes} tasks, events, gateways and flows; the limit is {MAX_FLOW_NODES}.",
            "Split the model into several processes and call one from the other.",
        )


_FLOW = ("Task", "}task", "Event", "Gateway", "}sequenceFlow", "}subProcess", "}callActivity")


def _refuse_attributes(element: etree._Element) -> None:
    if len(element.attrib) <= MAX_ATTRIBUTES:
        return
    raise _refused(
        "too-many-attributes",
        f"An element has more than {MAX_ATTRIBUTES} attributes.",
        "Export the model again from your modelling tool.",
        line=_line(element),
    )


def _refuse_namespaces(number: int) -> None:
    """Each element looks through the namespaces that are declared around it."""
    if number > MAX_ATTRIBUTES:
        raise _refused(
            "too-many-namespaces",
            f"More than {MAX_ATTRIBUTES} namespaces are declared around one element.",
            "Export the model again.",
            line=1,
        )


def _too_many(line: int) -> RefusedError:
    return _refused(
        "too-many-nodes",
        f"The file has more than {MAX_NODES} XML elements.",
        "Split the model into several files and call one from the other.",
        line=line,
    )
