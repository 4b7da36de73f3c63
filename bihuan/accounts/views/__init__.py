"""Pages about people and units, and one's own account."""
