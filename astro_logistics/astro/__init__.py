"""Where things are, and what it takes to move: orbits, ephemerides, transfers, windows, shadows."""
