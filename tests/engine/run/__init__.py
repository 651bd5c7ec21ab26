"""The run side of the engine: commands in, steps out."""
