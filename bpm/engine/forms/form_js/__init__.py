"""Forms of Camunda 8 and bpmn.io (`.form`, JSON with components) read into our own model."""

from bpm.engine.forms.form_js.reader import is_form_js, read_form_js

__all__ = ["is_form_js", "read_form_js"]
