"""From an uploaded file to a version that is live: checked, tested, deployed, signed, retired, kept."""
