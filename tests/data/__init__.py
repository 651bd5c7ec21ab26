"""What tests read: models, cases, and what earlier releases wrote."""
