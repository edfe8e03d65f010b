"""Views of verdicts: results are data, reports are rendered late."""
