"""hw3, convolutional networks."""

from autograder.exercises.hw3 import conv, inception, layers, norm_layer, pools, residual, sizes

_corr2d, *_convolutions = conv.EXERCISES
EXERCISES = (
    _corr2d,
    *sizes.EXERCISES,
    *_convolutions,
    *layers.EXERCISES,
    *pools.EXERCISES,
    *norm_layer.EXERCISES,
    *residual.EXERCISES,
    *inception.EXERCISES,
)
