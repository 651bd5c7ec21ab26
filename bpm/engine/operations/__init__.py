"""What operators do: failures, modification, bulk actions, dry runs, what stands still."""
