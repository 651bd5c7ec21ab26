"""Forms as people see them: one model, into which every vendor's form is read and from which fields are drawn."""

from bpm.engine.forms.model import Field, Form, Kind, Limits, Option, Section
from bpm.engine.forms.schema import form_of, is_made, schema_of

__all__ = ["Field", "Form", "Kind", "Limits", "Option", "Section", "form_of", "is_made", "schema_of"]
