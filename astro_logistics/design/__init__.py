"""Questions asked of an evaluation: what moves a figure, what makes it least."""
