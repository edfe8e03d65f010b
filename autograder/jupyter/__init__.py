"""Grading from inside a notebook: `%grade`, `%hint` and `%%grade`, on the cells as they were last run."""
