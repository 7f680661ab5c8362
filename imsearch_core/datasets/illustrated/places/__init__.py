"""Where scenes are set: rooms, streets, meadows, with the spots where things may stand."""
