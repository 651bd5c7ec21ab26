"""Forms: what of JSON Schema is executed, and within which bounds."""
