"""Bridges to other packages; none of them is needed until its bridge is crossed."""
