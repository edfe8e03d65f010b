"""hw2, training: a module for each file of the homework."""

from autograder.exercises.hw2 import checkpoint, data, losses, metrics, optim, train

EXERCISES = (
    *data.EXERCISES, *losses.EXERCISES, *optim.EXERCISES, *metrics.EXERCISES, *train.EXERCISES, *checkpoint.EXERCISES,
)  # fmt: skip
