"""Private data: what is masked, what lies apart, what is erased."""
