"""Grading many submissions: taken in from what a course's system exports, graded side by side, kept, written out."""
