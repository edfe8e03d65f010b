"""autograd.py: gradients by hand and by autograd."""

from __future__ import annotations

from autograder.exercises.hw1 import derivatives, operators, two_layer

EXERCISES = (*two_layer.EXERCISES, *operators.EXERCISES, *derivatives.EXERCISES)
