"""What elements say: conditions, tasks, forms, events, timers, rounds, mappings, scripts, decisions."""
