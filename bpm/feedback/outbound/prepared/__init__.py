"""Words before they are sent: templates to begin with, and what somebody is writing."""
