"""What requests leave on the audit trail: the rows of commands, and of reads."""
