"""One instance at work on SpiffWorkflow: tokens, events, scopes, and the state that is kept. Pure."""
