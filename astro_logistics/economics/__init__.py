"""Money: finance, learning, and what launches, mass drivers and data centers cost."""
