"""What reports are compared with: the same rows by a plain Django view, and by plain inserts."""
