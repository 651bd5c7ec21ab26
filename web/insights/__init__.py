"""The manager's screens: how the company listens, and what each process and activity does to customers."""
