"""How much one report may say, whichever way it comes in."""

WORDS = 5_000
ADDRESS = 200
NAME = 60
