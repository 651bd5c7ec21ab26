"""The only door to SpiffWorkflow: bytes become a Compiled model, a command becomes a Step."""
