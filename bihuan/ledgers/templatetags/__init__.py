"""Tags of the ledgers room."""
