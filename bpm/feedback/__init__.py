"""Customers only: what they say, who they are, what became of it; knows no BPMN."""
