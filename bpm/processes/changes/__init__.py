"""What changed since sums and days were kept: rows are looked at behind marks, each kind names the days it changes."""
