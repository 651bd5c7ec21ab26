"""Activities at work: mappings, rounds, scripts around them, jobs and decisions."""
