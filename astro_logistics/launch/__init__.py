"""Machines that throw things: rockets, their fleets and depots, the lunar mass driver and its capsules."""
