"""A first model of a process, named as a theme is: what somebody goes on from who makes a process of it."""

import re
import unicodedata
from xml.sax.saxutils import quoteattr

from bpm.feedback import themes
from bpm.foundation.texts import _
from bpm.foundation.work import Work

LONGEST_KEY = 60


def model_of_theme(work: Work, theme_id: int) -> tuple[str, bytes]:
    """(file name, BPMN) with a start, one task of people and an end; NotFoundError for a theme that is none."""
    name = themes.get_theme(work, theme_id).name
    key = key_of_name(name)
    return f"{key}.bpmn", _model(key, name)


def key_of_name(name: str) -> str:
    """A name as the id of a process: letters, digits and _ alone, and no digit first."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    word = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST_KEY].strip("_")
    return word if word and not word[0].isdigit() else f"theme_{word}".rstrip("_")


def _model(key: str, name: str) -> bytes:
    said, look, done = (
        quoteattr(text % {"name": name})
        for text in (_("Somebody said: %(name)s"), _("Look after: %(name)s"), _("Looked after"))
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:earshot:theme">\n'
        f'  <process id="{key}" name={quoteattr(name)} isExecutable="true">\n'
        f'    <startEvent id="said" name={said}/>\n'
        '    <sequenceFlow id="to_look" sourceRef="said" targetRef="look"/>\n'
        f'    <userTask id="look" name={look}/>\n'
        '    <sequenceFlow id="to_end" sourceRef="look" targetRef="done"/>\n'
        f'    <endEvent id="done" name={done}/>\n'
        "  </process>\n</definitions>\n"
    ).encode()
