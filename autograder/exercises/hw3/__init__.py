"""hw3, convolutional networks: one file."""

from autograder.exercises.hw3 import conv

EXERCISES = conv.EXERCISES
