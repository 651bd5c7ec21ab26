"""Pictures of processes: cost on the diagram, versions side by side, variants, ways, hand-overs."""

from web.pictures import cost, hand_overs, side_by_side, variants, ways
from web.pictures.blueprint import blueprint

__all__ = ["blueprint", "cost", "hand_overs", "side_by_side", "variants", "ways"]
