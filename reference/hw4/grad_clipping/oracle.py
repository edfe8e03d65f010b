"""grad_clipping with all gradients put into one vector."""

from clipping import in_one_vector


def grad_clipping(net, theta):
    in_one_vector(net, theta)
