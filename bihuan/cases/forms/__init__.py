"""One form for each verb: checks shape, not rights."""
