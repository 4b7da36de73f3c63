"""Ledgers 台账: every thing of a kind, taken through the same steps, proved and summed up."""
