"""The keys of groups, from the names by which lanes and vendors' attributes offer work."""

import re


def group_key(offered_to: str) -> str:
    """The key of the group that a lane or a vendor's attribute names: "Customer Service" -> customer_service."""
    first = offered_to.split(",", maxsplit=1)[0]
    return re.sub(r"[^\w]+", "_", first.strip().lower()).strip("_")[:80] or "everybody"
