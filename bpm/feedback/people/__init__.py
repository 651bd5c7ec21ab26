"""What colleagues make of customers: put together, told apart, corrected, held apart; all of it can be undone."""
