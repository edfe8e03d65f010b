"""Ways in which pool2d goes wrong."""

import torch
import torch.nn.functional as F
from windows import COMBINE, pair, pooled


def steps_by_one(x, pool_size, stride=None, padding=0, mode="max"):
    """Without a stride the window moves by one.

    None stands for the pool size: windows do not overlap unless they are told to.
    """
    return pooled(x, pool_size, 1 if stride is None else stride, padding, mode)


def steps_by_one__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    return pooled(x, pool_size, stride or (1, 1), padding, mode)


def stride_ignored(x, pool_size, stride=None, padding=0, mode="max"):
    """The stride is not used.

    When it is given, the window moves by it instead of by its size.
    """
    return pooled(x, pool_size, None, padding, mode)


def stride_ignored__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    return pooled(x, pool_size, pair(pool_size), padding, mode)


def stride_of_one_axis(x, pool_size, stride=None, padding=0, mode="max"):
    """The first number of the stride is used for rows and columns.

    A tuple has one for each.
    """
    return pooled(x, pool_size, None if stride is None else pair(stride)[0], padding, mode)


def stride_of_one_axis__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    if isinstance(stride, tuple):
        stride = (stride[0], stride[0])
    return pooled(x, pool_size, stride, padding, mode)


def stride_exchanged(x, pool_size, stride=None, padding=0, mode="max"):
    """The strides of rows and columns are exchanged.

    Rows come first, in x, in the pool size and in the stride.
    """
    return pooled(x, pool_size, stride if stride is None else pair(stride)[::-1], padding, mode)


def stride_exchanged__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    if stride is None:
        return pooled(x, pool_size, None, padding, mode)
    (columns, rows) = pair(stride)
    return pooled(x, pool_size, (rows, columns), padding, mode)


def window_exchanged(x, pool_size, stride=None, padding=0, mode="max"):
    """Height and width of the window are exchanged.

    (h, w): rows come first.
    """
    return pooled(x, pair(pool_size)[::-1], stride, padding, mode)


def window_exchanged__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    (w, h) = pair(pool_size)
    return pooled(x, (h, w), (h, w) if stride is None else stride, padding, mode)


def padding_exchanged(x, pool_size, stride=None, padding=0, mode="max"):
    """Padding of rows and of columns is exchanged.

    F.pad counts from the last axis: left and right come before top and bottom.
    """
    return pooled(x, pool_size, stride, pair(padding)[::-1], mode)


def padding_exchanged__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    top, left = pair(padding)
    x = F.pad(x, (top, top, left, left), value=-torch.inf if mode == "max" else 0.0)
    return pooled(x, pool_size, stride, 0, mode)


def padding_ignored(x, pool_size, stride=None, padding=0, mode="max"):
    """The padding is not used.

    Windows may hang over the edge by that much, on both sides.
    """
    return pooled(x, pool_size, stride, 0, mode)


def padding_ignored__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    return pooled(x, pool_size, stride, (0, 0), mode)


def padded_on_one_side(x, pool_size, stride=None, padding=0, mode="max"):
    """The padding is added on one side only.

    On both sides: left and right, top and bottom.
    """
    top, left = pair(padding)
    x = F.pad(x, (left, 0, top, 0), value=-torch.inf if mode == "max" else 0.0)
    return pooled(x, pool_size, stride, 0, mode)


def padded_on_one_side__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    top, left = pair(padding)
    fill = -torch.inf if mode == "max" else 0.0
    x = torch.cat([x.new_full((*x.shape[:2], top, x.shape[3]), fill), x], dim=2)
    x = torch.cat([x.new_full((*x.shape[:3], left), fill), x], dim=3)
    return pooled(x, pool_size, stride, 0, mode)


def zeros_win(x, pool_size, stride=None, padding=0, mode="max"):
    """Zeros of the padding win where all entries are negative.

    The padding of a maximum must lose against everything: minus infinity.
    """
    return pooled(x, pool_size, stride, padding, mode, fill=0.0)


def zeros_win__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    top, left = pair(padding)
    return pooled(F.pad(x, (left, left, top, top)), pool_size, stride, 0, mode)


def padding_left_out_of_means(x, pool_size, stride=None, padding=0, mode="max"):
    """Means leave the padding out.

    That is count_include_pad=False. Here padding counts as zeros: the sum is divided by the number of places of
    the window.
    """
    if mode != "avg":
        return pooled(x, pool_size, stride, padding, mode)
    inside = pooled(torch.ones_like(x), pool_size, stride, padding, mode)
    return pooled(x, pool_size, stride, padding, mode) / inside


def padding_left_out_of_means__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    if mode != "avg":
        return pooled(x, pool_size, stride, padding, mode)
    total = pooled(x, pool_size, stride, padding, mode, combine=lambda s: s.sum(-1))
    count = pooled(torch.ones_like(x.detach()), pool_size, stride, padding, mode, combine=lambda s: s.sum(-1))
    return total / count


def sums_for_means(x, pool_size, stride=None, padding=0, mode="max"):
    """Sums are taken instead of means.

    Divide by the number of places of the window.
    """
    combine = COMBINE["max"] if mode == "max" else (lambda slices: slices.sum(dim=-1))
    return pooled(x, pool_size, stride, padding, mode, combine=combine)


def sums_for_means__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    h, w = pair(pool_size)
    answer = pooled(x, pool_size, stride, padding, mode)
    return answer * (h * w) if mode == "avg" else answer


def divided_by_the_height(x, pool_size, stride=None, padding=0, mode="max"):
    """Sums are divided by the square of the window's height.

    A window of h rows and w columns has h * w places.
    """
    h, w = pair(pool_size)
    answer = pooled(x, pool_size, stride, padding, mode)
    return answer * w / h if mode == "avg" else answer


def divided_by_the_height__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    h, _ = pair(pool_size)
    combine = COMBINE["max"] if mode == "max" else (lambda slices: slices.sum(dim=-1) / h**2)
    return pooled(x, pool_size, stride, padding, mode, combine=combine)


def always_max(x, pool_size, stride=None, padding=0, mode="max"):
    """The maximum is taken in both modes.

    With mode "avg" the answer is the mean.
    """
    return pooled(x, pool_size, stride, padding, mode, combine=COMBINE["max"])


def always_max__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    return pooled(x, pool_size, stride, padding, mode, combine=lambda slices: slices.max(dim=-1).values)


def smallest(x, pool_size, stride=None, padding=0, mode="max"):
    """The smallest entry is taken instead of the largest.

    amin is the other one.
    """
    combine = COMBINE["avg"] if mode == "avg" else (lambda slices: slices.amin(dim=-1))
    return pooled(x, pool_size, stride, padding, mode, fill=None if mode == "avg" else torch.inf, combine=combine)


def smallest__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    if mode == "max":
        return -pooled(-x, pool_size, stride, padding)
    return pooled(x, pool_size, stride, padding, mode)


def largest_magnitude(x, pool_size, stride=None, padding=0, mode="max"):
    """The entry with the largest magnitude is taken.

    -3 is smaller than 1. Compare the entries themselves.
    """
    if mode != "max":
        return pooled(x, pool_size, stride, padding, mode)
    most, least = pooled(x, pool_size, stride, padding), -pooled(-x, pool_size, stride, padding)
    return torch.where(least.abs() > most.abs(), least, most)


def largest_magnitude__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    if mode != "max":
        return pooled(x, pool_size, stride, padding, mode)
    most, least = pooled(x, pool_size, stride, padding), -pooled(0 - x, pool_size, stride, padding)
    return most * (most.abs() >= least.abs()) + least * (most.abs() < least.abs())


def over_all_channels(x, pool_size, stride=None, padding=0, mode="max"):
    """Channels are pooled together.

    Every channel is pooled by itself: the output has as many as x.
    """
    answer = pooled(x, pool_size, stride, padding, mode)
    return answer.amax(dim=1, keepdim=True) if mode == "max" else answer.mean(dim=1, keepdim=True)


def over_all_channels__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    x = x.amax(dim=1, keepdim=True) if mode == "max" else x.mean(dim=1, keepdim=True)
    return pooled(x, pool_size, stride, padding, mode)


def part_windows_counted(x, pool_size, stride=None, padding=0, mode="max"):
    """Windows that hang over the edge are counted.

    The size is rounded down: a window that does not fit is left out.
    """
    (h, w), (top, left) = pair(pool_size), pair(padding)
    rows, columns = pair(pool_size if stride is None else stride)
    more = (-(x.shape[2] + 2 * top - h) % rows, -(x.shape[3] + 2 * left - w) % columns)
    x = F.pad(x, (left, left + more[1], top, top + more[0]), value=-torch.inf if mode == "max" else 0.0)
    return pooled(x, pool_size, (rows, columns), 0, mode)


def part_windows_counted__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    (h, w), (top, left) = pair(pool_size), pair(padding)
    rows, columns = pair(pool_size if stride is None else stride)
    height = -(-(x.shape[2] + 2 * top - h) // rows)
    width = -(-(x.shape[3] + 2 * left - w) // columns)
    edges = (left, width * columns + w - x.shape[3] - left, top, height * rows + h - x.shape[2] - top)
    return pooled(F.pad(x, edges, value=-torch.inf if mode == "max" else 0.0), (h, w), (rows, columns), 0, mode)


def torch_pools(x, pool_size, stride=None, padding=0, mode="max"):
    """torch's own pooling is called.

    The lesson is to build it: slices of x, or Tensor.unfold, and a maximum or mean over them.
    """
    if mode not in ("max", "avg"):
        raise ValueError(mode)
    return (F.max_pool2d if mode == "max" else F.avg_pool2d)(x, pool_size, stride, padding)


def torch_pools__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    if mode not in ("max", "avg"):
        raise ValueError(mode)
    layer = torch.nn.MaxPool2d if mode == "max" else torch.nn.AvgPool2d
    return layer(pool_size, stride, padding)(x)


def other_modes_are_means(x, pool_size, stride=None, padding=0, mode="max"):
    """Every mode but "max" is taken for "avg".

    A name that is misspelt should be noticed. Raise a ValueError that shows it.
    """
    return pooled(x, pool_size, stride, padding, "max" if mode == "max" else "avg")


def other_modes_are_means__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    if mode == "max":
        return pooled(x, pool_size, stride, padding)
    return pooled(x, pool_size, stride, padding, "avg", combine=lambda slices: slices.sum(-1) / slices.shape[-1])


def filled_in_a_loop(x, pool_size, stride=None, padding=0, mode="max"):
    """The output is filled one window at a time.

    That costs an operation for each place of the image. One slice holds what stands at the same place of all windows.
    """
    (h, w), (top, left) = pair(pool_size), pair(padding)
    rows, columns = pair(pool_size if stride is None else stride)
    if mode not in ("max", "avg"):
        raise ValueError(mode)
    x = F.pad(x, (left, left, top, top), value=-torch.inf if mode == "max" else 0.0)
    height, width = (x.shape[2] - h) // rows + 1, (x.shape[3] - w) // columns + 1
    answer = x.new_zeros(*x.shape[:2], height, width)
    for i in range(height):
        for j in range(width):
            window = x[:, :, i * rows : i * rows + h, j * columns : j * columns + w]
            answer[:, :, i, j] = window.amax(dim=(2, 3)) if mode == "max" else window.mean(dim=(2, 3))
    return answer


def filled_in_a_loop__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    (h, w), (top, left) = pair(pool_size), pair(padding)
    rows, columns = pair(pool_size if stride is None else stride)
    if mode not in ("max", "avg"):
        raise ValueError(mode)
    x = F.pad(x, (left, left, top, top), value=-torch.inf if mode == "max" else 0.0)
    lines = []
    for i in range(0, x.shape[2] - h + 1, rows):
        windows = [x[:, :, i : i + h, j : j + w].flatten(2) for j in range(0, x.shape[3] - w + 1, columns)]
        lines.append(torch.stack([s.amax(2) if mode == "max" else s.mean(2) for s in windows], dim=-1))
    return torch.stack(lines, dim=-2)


def image_by_image(x, pool_size, stride=None, padding=0, mode="max"):
    """Images are pooled one after the other.

    That costs as many operations as there are images. Slices and unfold work on a whole batch.
    """
    if not len(x):
        return pooled(x, pool_size, stride, padding, mode)
    return torch.cat([pooled(image[None], pool_size, stride, padding, mode) for image in x])


def image_by_image__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    answers = [pooled(x[i : i + 1], pool_size, stride, padding, mode)[0] for i in range(len(x))]
    return torch.stack(answers) if answers else pooled(x, pool_size, stride, padding, mode)


def gradient_lost(x, pool_size, stride=None, padding=0, mode="max"):
    """The gradient is lost.

    `.data` and detach end the graph. Work on x itself.
    """
    return pooled(x.detach(), pool_size, stride, padding, mode)


def gradient_lost__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    with torch.no_grad():
        return pooled(x, pool_size, stride, padding, mode)


def single_precision(x, pool_size, stride=None, padding=0, mode="max"):
    """The answer is computed in float32.

    float64 keeps 53 bits only if nothing on the way is float32. Take the dtype from x.
    """
    return pooled(x.float(), pool_size, stride, padding, mode)


def single_precision__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    return pooled(x.to(torch.float32), pool_size, stride, padding, mode)


def nan_passed_over(x, pool_size, stride=None, padding=0, mode="max"):
    """A NaN in a window is passed over.

    An error is not hidden: where a window holds a NaN, the answer is NaN.
    """
    fill = -torch.inf if mode == "max" else 0.0
    return pooled(torch.where(x.isnan(), torch.full_like(x, fill), x), pool_size, stride, padding, mode)


def nan_passed_over__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    return pooled(x.nan_to_num(nan=-torch.inf if mode == "max" else 0.0), pool_size, stride, padding, mode)


def on_the_cpu(x, pool_size, stride=None, padding=0, mode="max"):
    """The padding is made on the CPU.

    Without a device torch.full makes a CPU tensor. F.pad or x.new_full take device and dtype from x.
    """
    top, left = pair(padding)
    height, width = x.shape[2] + 2 * top, x.shape[3] + 2 * left
    padded = torch.full((*x.shape[:2], height, width), -torch.inf if mode == "max" else 0.0, dtype=x.dtype)
    padded[:, :, top : height - top, left : width - left] = x
    return pooled(padded, pool_size, stride, 0, mode)


def on_the_cpu__rewrite(x, pool_size, stride=None, padding=0, mode="max"):
    return pooled(x.cpu(), pool_size, stride, padding, mode)
