"""Reads about reports; the user is the first argument wherever rights matter."""
