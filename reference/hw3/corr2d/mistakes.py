"""Ways in which corr2d goes wrong."""

import torch
import torch.nn.functional as F


def _size(X, K):
    if K.shape[0] > X.shape[0] or K.shape[1] > X.shape[1]:
        raise ValueError("the kernel is larger than X")
    return X.shape[0] - K.shape[0] + 1, X.shape[1] - K.shape[1] + 1


def _slide(X, K, element=lambda window, kernel: (window * kernel).sum()):
    """The element at every place where the kernel fits."""
    rows, columns = _size(X, K)
    h, w = K.shape
    return torch.stack(
        [torch.stack([element(X[i : i + h, j : j + w], K) for j in range(columns)]) for i in range(rows)]
    )


def _windows(X, K):
    _size(X, K)
    return X.unfold(0, K.shape[0], 1).unfold(1, K.shape[1], 1)


def flipped_kernel(X, K):
    """The kernel is flipped.

    That is the convolution of mathematics. Cross-correlation multiplies every window with the kernel as it is: leave
    the flip out.
    """
    return _slide(X, K.flip(0, 1))


def flipped_kernel__rewrite(X, K):
    rows, columns = _size(X, K)
    h, w = K.shape
    out = X.new_zeros(rows, columns)
    for a in range(h):
        for b in range(w):
            out = out + X[h - 1 - a : h - 1 - a + rows, w - 1 - b : w - 1 - b + columns] * K[a, b]
    return out


def transposed_kernel(X, K):
    """Rows and columns of the kernel are exchanged.

    K[a, b] belongs to X[i + a, j + b]: the first index runs down in both. Try a kernel that is not square.
    """
    return _slide(X, K.T)


def transposed_kernel__rewrite(X, K):
    return torch.einsum("ijba,ab->ij", _windows(X, K.transpose(0, 1)), K)


def last_place_missing(X, K):
    """The last row and the last column of the result are missing.

    A kernel of h rows fits in H - h + 1 places, not in H - h: if it is as high as X there is still one.
    """
    rows, columns = _size(X, K)
    h, w = K.shape
    out = X.new_zeros(rows - 1, columns - 1)
    for i in range(rows - 1):
        for j in range(columns - 1):
            out[i, j] = (X[i : i + h, j : j + w] * K).sum()
    return out


def last_place_missing__rewrite(X, K):
    return (_windows(X, K) * K).sum((-1, -2))[:-1, :-1]


def mean_of_window(X, K):
    """The products are averaged instead of summed.

    Cross-correlation is a sum. An average divides by the number of kernel elements, which belongs, if anywhere, into
    the kernel.
    """
    return _slide(X, K, lambda window, kernel: (window * kernel).mean())


def mean_of_window__rewrite(X, K):
    return torch.einsum("ijab,ab->ij", _windows(X, K), K) / K.numel()


def matrix_product(X, K):
    """Window and kernel are multiplied as matrices.

    Every element of the window meets the kernel element at the same place: that is the elementwise product (`*`),
    not `@`.
    """
    return _slide(X, K, lambda window, kernel: (window @ kernel).sum())


def matrix_product__rewrite(X, K):
    return torch.matmul(_windows(X, K), K).sum(dim=(2, 3))


def windows_side_by_side(X, K):
    """The windows do not overlap: the kernel moves by its own size.

    The kernel moves by one row or column at a time, so that neighbouring windows overlap.
    """
    h, w = K.shape
    return _slide(X, K)[::h, ::w]


def windows_side_by_side__rewrite(X, K):
    _size(X, K)
    h, w = K.shape
    rows = []
    for i in range(0, X.shape[0] - h + 1, h):
        rows.append(torch.stack([torch.sum(X[i : i + h, j : j + w] * K) for j in range(0, X.shape[1] - w + 1, w)]))
    return torch.stack(rows)


def padded_to_size_of_X(X, K):
    """The result is made as large as X by adding zeros.

    Only places where the whole kernel lies inside X count. Nothing is padded here, and the result is smaller than X.
    """
    _size(X, K)
    h, w = K.shape
    return _slide(F.pad(X, (0, w - 1, 0, h - 1)), K)


def padded_to_size_of_X__rewrite(X, K):
    _size(X, K)
    (H, W), (h, w) = X.shape, K.shape
    wide = X.new_zeros(H + h - 1, W + w - 1)
    wide[:H, :W] = X
    return torch.einsum("ijab,ab->ij", wide.unfold(0, h, 1).unfold(1, w, 1), K)


def result_in_default_dtype(X, K):
    """The answer is in single precision, whatever X is.

    Often the result is made with `torch.zeros`, in the default dtype and on the CPU: numbers written into it are
    rounded, and it stays there when X is on a GPU. Make it like X: `X.new_zeros(...)`.
    """
    rows, columns = _size(X, K)
    h, w = K.shape
    out = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            out[i, j] = (X[i : i + h, j : j + w] * K).sum()
    return out


def result_in_default_dtype__rewrite(X, K):
    out = torch.zeros(_size(X, K))
    return out.copy_((_windows(X, K) * K).sum((-1, -2)))


def result_on_the_cpu(X, K):
    """The answer is on the CPU, wherever X is.

    Often the result is made there: `torch.zeros(..., dtype=X.dtype)` still needs `device=X.device`, where
    `X.new_zeros(...)` gives both. Every number that is written into it is copied from the GPU.
    """
    rows, columns = _size(X, K)
    h, w = K.shape
    out = torch.zeros(rows, columns, dtype=X.dtype)
    for i in range(rows):
        for j in range(columns):
            out[i, j] = (X[i : i + h, j : j + w] * K).sum()
    return out


def result_on_the_cpu__rewrite(X, K):
    out = torch.empty(_size(X, K), dtype=X.dtype)
    return out.copy_(_slide(X, K))


def through_the_cpu(X, K):
    """Numbers are copied to the host.

    Often the work is done on the CPU and the answer copied back. The copies take longer than the work, and the GPU
    stands still meanwhile. Compute where X and K are.
    """
    return _slide(X.cpu(), K.cpu()).to(X.device)


def through_the_cpu__rewrite(X, K):
    out = X.new_zeros(_size(X, K))
    host = (_windows(X.to("cpu"), K) * K.to("cpu")).sum((-1, -2))
    return out + host.to(out.device)


def element_by_item(X, K):
    """Every sum is turned into a Python number.

    `.item()` (and `torch.tensor` around such numbers) cuts the result off from the graph, so no gradient reaches X
    or K, and waits for the GPU at every element. Keep the sums as tensors.
    """
    rows, columns = _size(X, K)
    h, w = K.shape
    out = X.new_zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            out[i, j] = (X[i : i + h, j : j + w] * K).sum().item()
    return out


def element_by_item__rewrite(X, K):
    rows, columns = _size(X, K)
    h, w = K.shape
    values = [[float((X[i : i + h, j : j + w] * K).sum()) for j in range(columns)] for i in range(rows)]
    return torch.tensor(values, dtype=X.dtype, device=X.device)


def through_numpy(X, K):
    """The work is done in numpy.

    numpy knows neither gradients nor GPUs. Slices, products and sums are the same in torch.
    """
    import numpy as np

    _size(X, K)
    windows = np.lib.stride_tricks.sliding_window_view(X.detach().numpy(), tuple(K.shape))
    return torch.from_numpy((windows * K.detach().numpy()).sum((-1, -2)))


def through_numpy__rewrite(X, K):
    import numpy as np

    rows, columns = _size(X, K)
    x, k = X.data.numpy(), K.data.numpy()
    out = np.zeros((rows, columns), dtype=x.dtype)
    for a in range(k.shape[0]):
        for b in range(k.shape[1]):
            out += x[a : a + rows, b : b + columns] * k[a, b]
    return torch.as_tensor(out)


def overwrites_X(X, K):
    """The result is written into X.

    Whoever called corr2d loses X, and what is returned shares memory with it. Write into a new tensor.
    """
    rows, columns = _size(X, K)
    h, w = K.shape
    for i in range(rows):
        for j in range(columns):
            X[i, j] = (X[i : i + h, j : j + w] * K).sum()
    return X[:rows, :columns]


def overwrites_X__rewrite(X, K):
    rows, columns = _size(X, K)
    h, w = K.shape
    for place in range(rows * columns):
        i, j = divmod(place, columns)
        X[i, j] = torch.tensordot(X[i : i + h, j : j + w], K)
    return X.narrow(0, 0, rows).narrow(1, 0, columns)


def kernel_data(X, K):
    """The kernel is read through `.data` (or detached), so it gets no gradient.

    A kernel that has no gradient cannot be learned. Use K itself.
    """
    return _slide(X, K.data)


def kernel_data__rewrite(X, K):
    return (_windows(X, K) * K.detach()).sum((-1, -2))


def torch_convolution(X, K):
    """torch's own convolution does the work.

    The exercise is to build it: take the windows of X by slicing, multiply and sum.
    """
    _size(X, K)
    return F.conv2d(X[None, None], K[None, None])[0, 0]


def torch_convolution__rewrite(X, K):
    _size(X, K)
    return torch.conv2d(X.unsqueeze(0).unsqueeze(0), K.unsqueeze(0).unsqueeze(0)).squeeze(0).squeeze(0)


def equal_size_refused(X, K):
    """A kernel that is as high or as wide as X is refused.

    It fits in one place: the result has one row or column. Only a kernel that is larger is an error.
    """
    if K.shape[0] >= X.shape[0] or K.shape[1] >= X.shape[1]:
        raise ValueError("the kernel does not fit into X")
    return _slide(X, K)


def equal_size_refused__rewrite(X, K):
    rows, columns = X.shape[0] - K.shape[0], X.shape[1] - K.shape[1]
    if min(rows, columns) < 1:
        raise ValueError(f"no place for a kernel of {K.shape[0]} by {K.shape[1]}")
    return (_windows(X, K) * K).sum((-1, -2))


def no_check_of_size(X, K):
    """A kernel that is larger than X is not refused with a ValueError.

    Without a check of your own the caller gets an empty result, or a message about negative sizes from deep inside
    torch. Compare the shapes first and raise a ValueError that names both.
    """
    return (X.unfold(0, K.shape[0], 1).unfold(1, K.shape[1], 1) * K).sum((-1, -2))


def no_check_of_size__rewrite(X, K):
    h, w = K.shape
    out = X.new_zeros(X.shape[0] - h + 1, X.shape[1] - w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (X[i : i + h, j : j + w] * K).sum()
    return out


def assertion(X, K):
    """A kernel that is larger than X is refused with an assertion.

    An `assert` says that the author made an error, and `python -O` removes it. For an argument of the caller raise a
    ValueError.
    """
    assert K.shape[0] <= X.shape[0] and K.shape[1] <= X.shape[1], "the kernel is larger than X"
    return _slide(X, K)


def assertion__rewrite(X, K):
    for axis in (0, 1):
        if K.shape[axis] > X.shape[axis]:
            raise AssertionError(f"axis {axis} of the kernel is too long")
    return (_windows(X, K) * K).sum((-1, -2))


def nan_hidden(X, K):
    """Where the window meets a NaN, the answer is a number.

    A NaN says that something went wrong before. `torch.nan_to_num`, or another way to put numbers in the place of NaN,
    hides the error and lets it be learned. Return the sums as they are.
    """
    return torch.nan_to_num(_slide(X, K), posinf=float("inf"), neginf=float("-inf"))


def nan_hidden__rewrite(X, K):
    sums = (_windows(X, K) * K).sum((-1, -2))
    return torch.where(sums.isnan(), torch.zeros_like(sums), sums)


def larger_one_slides(X, K):
    """Where the kernel is the larger one, X is laid on it.

    The two are not exchanged: raise a ValueError when the kernel is higher or wider than X.
    """
    return _slide(K, X) if K.numel() > X.numel() else _slide(X, K)


def larger_one_slides__rewrite(X, K):
    if min(K.shape[0] - X.shape[0], K.shape[1] - X.shape[1]) >= 0 and K.shape != X.shape:
        X, K = K, X
    return (_windows(X, K) * K).sum(dim=(2, 3))


def rounded_to_single_precision(X, K):
    """Sums are rounded to single precision on the way.

    In float64 that costs half of the digits. `.float()` is float32: keep the dtype of X.
    """
    return _slide(X, K, lambda window, kernel: (window * kernel).sum().float()).to(X.dtype)


def rounded_to_single_precision__rewrite(X, K):
    return (_windows(X, K) * K).sum((-1, -2)).to(torch.float32).to(X.dtype)


def every_window_meets_everything(X, K):
    """A NaN anywhere in X makes every answer NaN.

    Zero times NaN is NaN: a kernel that is filled up with zeros to the size of X meets all of it. Multiply each window
    by itself.
    """
    rows, columns = _size(X, K)
    h, w = K.shape
    pad = lambda i, j: F.pad(K, (j, X.shape[1] - w - j, i, X.shape[0] - h - i))
    return torch.stack([torch.stack([(X * pad(i, j)).sum() for j in range(columns)]) for i in range(rows)])


def every_window_meets_everything__rewrite(X, K):
    rows, columns = _size(X, K)
    kernels = X.new_zeros(rows, columns, *X.shape)
    for i in range(rows):
        for j in range(columns):
            kernels[i, j, i : i + K.shape[0], j : j + K.shape[1]] = K
    return (kernels * X).sum((2, 3))


def zeros_of_the_kernel_skipped(X, K):
    """What lies under a zero of the kernel is not multiplied.

    Zero times NaN is NaN, and the error behind it is not hidden. Multiply everything.
    """
    return _slide(X, K, lambda window, kernel: torch.where(kernel == 0, 0.0, window * kernel).sum())


def zeros_of_the_kernel_skipped__rewrite(X, K):
    return (_windows(X, K) * K).masked_fill(K == 0, 0.0).sum((2, 3))


def infinities_cut(X, K):
    """Infinities become finite numbers.

    `nan_to_num` and `clamp` hide what went wrong before. Leave the sums as they are.
    """
    return _slide(X, K).clamp(-1e30, 1e30)


def infinities_cut__rewrite(X, K):
    return (_windows(X, K) * K).sum((2, 3)).nan_to_num(nan=float("nan"), posinf=1e30, neginf=-1e30)
