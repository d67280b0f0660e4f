"""Evaluations for people: columns with units, tables, plots."""
