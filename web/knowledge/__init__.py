"""What staff learnt: articles with owner, review and approval, and answers that contradict each other."""
