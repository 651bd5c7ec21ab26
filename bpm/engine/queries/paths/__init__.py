"""How cases go through a process: what follows what, and in which order."""
