"""Measures as drawn parts: layers of a diagram, periods, and what an element does to customers in short."""
