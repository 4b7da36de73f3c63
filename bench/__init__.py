"""What Bihuan takes: reports a second, lists at a million cases, places, memory, working time."""
