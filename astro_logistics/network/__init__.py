"""Places and the routes between them: the one floor that composes physics into cost and throughput."""
