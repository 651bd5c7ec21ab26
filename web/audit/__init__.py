"""The audit trail's screen."""
