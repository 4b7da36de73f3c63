"""Pages about cases: thin; rights and rules lie below."""
