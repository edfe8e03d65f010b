"""Ways in which detach_product goes wrong."""

import torch


def not_detached(x):
    """The square is not detached.

    The gradient of z is then that of x cubed, three times the square. `detach` gives a new tensor: use what it returns.
    """
    y = x * x
    return y, y * x


def not_detached__rewrite(x):
    y = x**2
    y.detach()
    return y, x**3


def x_detached(x):
    """x is detached, where the square should be.

    Then the square gets the gradient, and x as a factor none.
    """
    y = x * x
    return y, y * x.detach()


def x_detached__rewrite(x):
    y = x.square()
    with torch.no_grad():
        factor = x.clone()
    return y, factor * y


def both_detached(x):
    """z is cut off from x altogether.

    Only the square counts as a constant; x as the other factor is still x.
    """
    y = x * x
    return y, (y * x).detach()


def both_detached__rewrite(x):
    y = x * x
    with torch.no_grad():
        z = y * x
    return y, z


def y_detached(x):
    """y is cut off from x.

    `detach_` changes the tensor itself, and `y = y.detach()` the only name of it. y keeps its history; what goes into
    the product is another tensor.
    """
    y = (x * x).detach()
    return y, y * x


def y_detached__rewrite(x):
    y = x.square().detach_()
    return y, x * y


def y_overwritten(x):
    """y is overwritten with z.

    A detached tensor shares its memory with the one it comes from: what is computed in place in one shows in the other.
    """
    y = x * x
    u = y.detach()
    u *= x
    return y, u


def y_overwritten__rewrite(x):
    y = x * x
    z = y.detach().clone() * x
    y.data.copy_(z.data)
    return y, z


def in_place_without_a_graph(x):
    """z has no graph, and y is overwritten.

    The product was computed in place, in the memory that a detached tensor shares with y, and where nothing is
    recorded.
    """
    y = x * x
    u = y.detach()
    with torch.no_grad():
        u *= x
    return y, u


def in_place_without_a_graph__rewrite(x):
    y = x.square()
    z = y.data
    z.mul_(x.data)
    return y, z


def swapped(x):
    """y and z are returned in the wrong order.

    First the square, then the product.
    """
    y = x * x
    return y.detach() * x, y


def swapped__rewrite(x):
    square = x**2
    return torch.mul(square.detach(), x), square


def only_z(x):
    """Only the product is returned.

    The square is wanted too: a tuple (y, z).
    """
    return (x * x).detach() * x


def only_z__rewrite(x):
    return torch.square(x.detach()) * x


def constant_returned(x):
    """The constant is returned in the place of the product.

    z = u * x.
    """
    y = x * x
    return y, y.detach()


def constant_returned__rewrite(x):
    with torch.no_grad():
        u = x**2
    return x**2, u


def square_of_the_constant(x):
    """The product is that of the square with itself.

    z is the square times x.
    """
    y = x * x
    return y, y.detach() * y


def square_of_the_constant__rewrite(x):
    y = x**2
    return y, y * torch.square(x.detach())


def x_overwritten(x):
    """x is overwritten.

    Make new tensors.
    """
    inner = x.clone()
    y = inner * inner
    z = y.detach() * inner
    x.data.mul_(2)
    return y, z


def x_overwritten__rewrite(x):
    factor = x * 1
    y, z = factor.square(), factor.detach().square() * factor
    x.data.fill_(1.0)
    return y, z


def single_precision(x):
    """Everything is computed in single precision.

    Keep the dtype of x.
    """
    x = x.float()
    return x * x, (x * x).detach() * x


def single_precision__rewrite(x):
    y = torch.square(x.to(torch.float32))
    return y, y.detach() * x.to(torch.float32)
