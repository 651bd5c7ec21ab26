"""What the values of a table mean: dates, zones, numbers, channels, names of columns; pure and bounded."""
