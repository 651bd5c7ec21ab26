"""What differs between two bundles."""
