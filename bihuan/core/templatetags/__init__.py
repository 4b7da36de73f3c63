"""Tags of the ground floor."""
