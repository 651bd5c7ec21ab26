"""What is critical to quality: a tree from needs by drivers to measures with limits, and how well they are met."""

from bpm.processes.improvements.ctq.figures import LeafFigure, figures_of
from bpm.processes.improvements.ctq.tree import Node, NodeDraft, Unit, add_node, drop_node, read_tree, unit_of

__all__ = ["LeafFigure", "Node", "NodeDraft", "Unit", "add_node", "drop_node", "figures_of", "read_tree", "unit_of"]
