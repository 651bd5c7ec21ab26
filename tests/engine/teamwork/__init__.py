"""What people do together about tasks."""
