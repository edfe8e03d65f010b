"""hw4, text and recurrent networks: one file."""

from autograder.exercises.hw4 import text

EXERCISES = text.EXERCISES
