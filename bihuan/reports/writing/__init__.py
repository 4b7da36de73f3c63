"""What a report will say: which are due, the figures of an evening, lists, corrections, what may leave."""
