"""Pages as people use them: the parts that many tests touch, by role and label."""
