"""optim.py: optimizers and schedules of the learning rate."""

from autograder.exercises.hw2 import optimizers, schedules

EXERCISES = (*optimizers.EXERCISES, *schedules.EXERCISES)
