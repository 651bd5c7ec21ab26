"""The designer's triggers."""
