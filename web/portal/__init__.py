"""The customer's pages: private letters, the list behind a code, the public board; and what colleagues do for them."""
