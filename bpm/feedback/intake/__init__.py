"""The one way in: what any channel hands over is normalised, recognised and kept."""
