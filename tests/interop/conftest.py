"""Tests with real orbits are collected where hapsira is installed: in its own environment, which CI builds."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("hapsira") else ["test_poliastro_real.py"]
