"""Build scripts: plain Python, no shell, called by the Makefile."""
