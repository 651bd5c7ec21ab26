"""How incidents are told on a page: states, severities, kinds of updates, and their tones."""

from bpm.foundation.texts import _

STATES: dict[str, tuple[str, str]] = {
    "possible": (_("possible"), "plain"),
    "proposed": (_("proposed"), "warn"),
    "acknowledged": (_("acknowledged"), "bad"),
    "watching": (_("watching"), "info"),
    "resolved": (_("resolved"), "good"),
    "dismissed": (_("no incident"), "plain"),
}
"""State -> its words and the tone of its badge."""
SEVERITIES = {1: _("few are bothered"), 2: _("many are bothered"), 3: _("nobody can go on")}
UPDATES = {"acknowledgement": _("Acknowledged in public"), "update": _("Update"), "all_clear": _("All clear")}
FOUND = {"told": (_("not tried yet"), "warn"), "verified": (_("works"), "good"), "refused": (_("no help"), "plain")}
"""State of a workaround -> its words and the tone of its badge."""
