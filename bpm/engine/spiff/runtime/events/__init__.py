"""Events at work: what is waited for, what is thrown, and what has come."""
