"""What PostgreSQL needs from whoever opens connections to it."""
