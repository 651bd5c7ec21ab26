"""Letters, labels, pages, forms, offers and campaigns of activities, and what customers say about them."""

from bpm.processes.artefacts.keeping import ArtefactDraft, add_artefact, retire_artefact
from bpm.processes.artefacts.linking import link_artefact, sweep_artefacts
from bpm.processes.artefacts.listing import ArtefactRow, choosable, items_about, list_artefacts

__all__ = [
    "ArtefactDraft",
    "ArtefactRow",
    "add_artefact",
    "choosable",
    "items_about",
    "link_artefact",
    "list_artefacts",
    "retire_artefact",
    "sweep_artefacts",
]
