"""Drawings: what a file's own one shows, and one laid out for a file that has none."""

from bpm.engine.bpmn.layout.drawing import Drawing, compose, drawing_from, parts_of
from bpm.engine.bpmn.layout.node import Answers, lay_out
from bpm.engine.bpmn.layout.shown import note_missing_shapes

__all__ = ["Answers", "Drawing", "compose", "drawing_from", "lay_out", "note_missing_shapes", "parts_of"]
