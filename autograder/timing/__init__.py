"""Time: a submission against the reference, in turns, by the judge's clock; an interval decides, or nothing does."""
