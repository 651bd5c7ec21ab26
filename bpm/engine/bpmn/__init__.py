"""The language BPMN: documents of any tool, what they hold, and how they become what runs."""
