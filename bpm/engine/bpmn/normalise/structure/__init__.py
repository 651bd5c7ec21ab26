"""Ids, references, the shape of the flow, limits, and what is left in the end."""
