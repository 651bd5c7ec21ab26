"""What becomes of rollouts, as people and programs are told it."""
