"""A company's years in one go: visits and items by the million, to measure what pages of figures cost."""
