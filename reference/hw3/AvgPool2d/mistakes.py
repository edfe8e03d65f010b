"""Ways in which a layer that pools goes wrong. The mistakes change `Right`, the rewrites `Again`."""

import torch
import torch.nn.functional as F
from pooling import FILL as _FILL
from pooling import Again as _Again
from pooling import Right as _Right
from pooling import pair as _pair
from torch import nn


class StrideOne(_Right):
    """Without a stride the windows move by one.

    None stands for the size of the window, so that windows do not overlap. `pool2d` knows that: hand None on.
    """

    def remember(self, kernel_size, stride, padding):
        super().remember(kernel_size, 1 if stride is None else stride, padding)


class StrideOne__rewrite(_Again):
    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__(kernel_size, stride or 1, padding)


class StrideForgotten(_Right):
    """`forward` does not use the stride.

    Every option that the constructor takes has to reach `pool2d`.
    """

    def forward(self, x):
        return self.pool(x, self.kernel_size, None, self.padding)


class StrideForgotten__rewrite(_Again):
    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__(kernel_size, kernel_size, padding)


class PaddingForgotten(_Right):
    """`forward` does not use the padding.

    Every option that the constructor takes has to reach `pool2d`.
    """

    def forward(self, x):
        return self.pool(x, self.kernel_size, self.stride, 0)


class PaddingForgotten__rewrite(_Again):
    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__(kernel_size, stride)


class StridePaddingMixedUp(_Right):
    """Stride and padding are handed to `pool2d` in the wrong order.

    By position, the stride comes before the padding. Give them by name, and the order does not matter.
    """

    def forward(self, x):
        return self.pool(x, self.kernel_size, self.padding, self.stride)


class StridePaddingMixedUp__rewrite(_Right):
    def remember(self, kernel_size, stride, padding):
        self.options = {"padding": stride, "stride": padding, "kernel_size": kernel_size}

    def forward(self, x):
        return self.pool(x, **self.options)


class Square(_Right):
    """The window is always square.

    kernel_size may be a tuple (h, w). `pool2d` takes both, so hand it on as it is.
    """

    def remember(self, kernel_size, stride, padding):
        h, _ = _pair(kernel_size)
        super().remember(h, stride, padding)


class Square__rewrite(_Again):
    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__(_pair(kernel_size)[0], stride, padding)


class Turned(_Right):
    """Height and width of the window are exchanged.

    The first number of kernel_size counts rows.
    """

    def remember(self, kernel_size, stride, padding):
        super().remember(_pair(kernel_size)[::-1], stride, padding)


class Turned__rewrite(_Again):
    def __init__(self, kernel_size, stride=None, padding=0):
        w, h = _pair(kernel_size)
        super().__init__((h, w), stride, padding)


class StrideOfTheRows(_Right):
    """One stride is used for rows and columns.

    The stride may be a tuple (rows, columns).
    """

    def remember(self, kernel_size, stride, padding):
        super().remember(kernel_size, stride if stride is None else _pair(stride)[0], padding)


class StrideOfTheRows__rewrite(_Again):
    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__(kernel_size, stride, padding)
        if stride is not None:
            self.options["step"] = (self.options["step"][0],) * 2


class PaddingOfTheRows(_Right):
    """One padding is used for rows and columns.

    The padding may be a tuple (rows, columns).
    """

    def remember(self, kernel_size, stride, padding):
        super().remember(kernel_size, stride, _pair(padding)[0])


class PaddingOfTheRows__rewrite(_Again):
    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__(kernel_size, stride, padding)
        self.options["edge"] = (self.options["edge"][0],) * 2


class OneNumberAlone(_Right):
    """A tuple is not understood.

    kernel_size, stride and padding may each be an int or a tuple. Arithmetic with a tuple fails; `pool2d` takes both.
    """

    def remember(self, kernel_size, stride, padding):
        super().remember(kernel_size, stride, padding)
        self.places = int(kernel_size) ** 2 + int(stride or 0) + int(padding)


class OneNumberAlone__rewrite(_Again):
    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__(kernel_size, stride, padding)
        self.reach = kernel_size + 0, (stride or kernel_size) + 0, padding + 0


class OneIsNotTwo(_Right):
    """One number is not understood.

    An int stands for both rows and columns. `pool2d` takes it as it is.
    """

    def remember(self, kernel_size, stride, padding):
        h, w = kernel_size
        super().remember((h, w), stride, padding)


class OneIsNotTwo__rewrite(_Again):
    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__((kernel_size[0], kernel_size[1]), stride, padding)


class PartWindows(_Right):
    """Windows that hang over the edge are counted.

    The size is rounded down: a window that does not fit is left out.
    """

    def pool(self, x, kernel_size, stride, padding):
        (h, w), (top, left) = _pair(kernel_size), _pair(padding)
        rows, columns = _pair(stride or kernel_size)
        below, right = -(x.shape[2] + 2 * top - h) % rows, -(x.shape[3] + 2 * left - w) % columns
        x = F.pad(x, (left, left + right, top, top + below), value=_FILL)
        return super().pool(x, kernel_size, stride, 0)


class PartWindows__rewrite(_Again):
    def forward(self, x):
        (h, w), (rows, columns), (top, left) = self.options["size"], self.options["step"], self.options["edge"]
        height = -(-(x.shape[2] + 2 * top - h) // rows) * rows + h
        width = -(-(x.shape[3] + 2 * left - w) // columns) * columns + w
        edges = (left, width - x.shape[3] - left, top, height - x.shape[2] - top)
        windows = F.pad(x, edges, value=_FILL).unfold(2, h, rows).unfold(3, w, columns)
        return self.combine(list(windows.flatten(4).unbind(-1)))


class AnswerKept(_Right):
    """An answer of an earlier call is given again.

    Nothing may be kept from one call to the next: the tensor may hold other numbers by then.
    """

    def forward(self, x):
        if getattr(self, "seen", None) is not x:
            self.seen, self.answer = x, super().forward(x)
        return self.answer


class AnswerKept__rewrite(_Again):
    def forward(self, x):
        if not hasattr(self, "kept"):
            self.kept = {}
        if id(x) not in self.kept:
            self.kept[id(x)] = super().forward(x)
        return self.kept[id(x)]


class OptionsShared(_Right):
    """All layers share their options.

    An attribute of the class is one for all: the layer that is made last decides. Store the options in `self`.
    """

    shared = {"padding": 0}  # noqa: RUF012

    def remember(self, kernel_size, stride, padding):
        self.shared.update(kernel_size=kernel_size, stride=stride, padding=padding)

    def forward(self, x):
        return self.pool(x, **self.shared)


class OptionsShared__rewrite(_Again):
    latest = None

    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__(kernel_size, stride, padding)
        type(self).latest = self.options

    def forward(self, x):
        self.options = type(self).latest
        return super().forward(x)


class SizeKept(_Right):
    """The size of the first image is kept.

    A layer is called with images of any size. Take the shape from x, in every call.
    """

    def forward(self, x):
        if not hasattr(self, "rows"):
            self.rows, self.columns = x.shape[2:]
        return super().forward(x[:, :, : self.rows, : self.columns])


class SizeKept__rewrite(_Again):
    def forward(self, x):
        height, width = self.options.setdefault("image", tuple(x.shape[-2:]))
        return super().forward(x.narrow(2, 0, height).narrow(3, 0, width))


class NoSuper(_Right):
    """`super().__init__()` is not called.

    nn.Module prepares itself in it, and without it the layer cannot be called. Call it first in the constructor.
    """

    def __init__(self, kernel_size, stride=None, padding=0):
        self.remember(kernel_size, stride, padding)


class NoSuper__rewrite(_Again):
    def __init__(self, kernel_size, stride=None, padding=0):
        self.options = {"size": kernel_size, "step": stride, "edge": padding}


class Registered(_Right):
    """Something is registered that is not learned.

    The options of a pooling layer are numbers, not parameters or buffers: plain attributes hold them, and the state
    dict stays empty.
    """

    def remember(self, kernel_size, stride, padding):
        super().remember(kernel_size, stride, padding)
        self.register_buffer("window", torch.tensor(_pair(kernel_size), dtype=torch.float32))


class Registered__rewrite(_Again):
    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__(kernel_size, stride, padding)
        self.register_buffer("edge", torch.zeros(2) + torch.tensor(self.options["edge"]))


class Learned(_Right):
    """The layer has parameters.

    Pooling learns nothing, and an optimizer should find nothing here. Plain attributes hold the options.
    """

    def remember(self, kernel_size, stride, padding):
        super().remember(kernel_size, stride, padding)
        self.weight = nn.Parameter(torch.ones(_pair(kernel_size)))


class Learned__rewrite(_Again):
    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__(kernel_size, stride, padding)
        self.scale = nn.Parameter(torch.ones(1))


class GradientLost(_Right):
    """The gradient is lost.

    `.data`, detach and no_grad end the graph. Work on x itself.
    """

    def forward(self, x):
        return super().forward(x.detach())


class GradientLost__rewrite(_Again):
    @torch.no_grad()
    def forward(self, x):
        return super().forward(x)


class EditsX(_Right):
    """The caller's x is changed.

    Assigning to `x.data`, or writing into x, changes the tensor that was given. Work on a new tensor.
    """

    def forward(self, x):
        answer = super().forward(x)
        x.data.mul_(0)
        return answer


class EditsX__rewrite(_Again):
    def forward(self, x):
        answer = super().forward(x)
        x.data[:] = x.data.flip(-1)
        return answer


class SinglePrecision(_Right):
    """The answer is computed in float32.

    float64 keeps 53 bits only if nothing on the way is float32. Take the dtype from x.
    """

    def forward(self, x):
        return super().forward(x.float())


class SinglePrecision__rewrite(_Again):
    def forward(self, x):
        return super().forward(x.to(torch.float32))


class ThroughTheCpu(_Right):
    """The work is done on the CPU.

    The copies take longer than the work, and the GPU stands still meanwhile. Compute where x is.
    """

    def forward(self, x):
        return super().forward(x.cpu()).to(x.device)


class ThroughTheCpu__rewrite(_Again):
    def forward(self, x):
        place = x.device
        return super().forward(x.to("cpu")).to(place)


class AnswerOnTheCpu(_Right):
    """The answer is on the CPU, where x is on the GPU.

    Without a device torch.full and torch.zeros make CPU tensors, and what is written into them is copied there. F.pad,
    or x.new_full, takes the device from x.
    """

    def forward(self, x):
        (top, left), (height, width) = _pair(self.padding), x.shape[2:]
        shape = (*x.shape[:2], height + 2 * top, width + 2 * left)
        bordered = torch.full(shape, _FILL, dtype=x.dtype)
        bordered[:, :, top : top + height, left : left + width] = x
        return self.pool(bordered, self.kernel_size, self.stride, 0)


class AnswerOnTheCpu__rewrite(_Again):
    def forward(self, x):
        return super().forward(x.cpu())


class DevicesMixed(_Right):
    """A tensor on the CPU meets one on the GPU.

    Without a device torch.zeros, torch.full and torch.arange make CPU tensors. Make new tensors like x (`x.new_zeros`).
    """

    def forward(self, x):
        answer = super().forward(x)
        return answer + torch.zeros(answer.shape, dtype=x.dtype)


class DevicesMixed__rewrite(_Again):
    def combine(self, slices):
        border = torch.full(slices[0].shape, _FILL, dtype=slices[0].dtype)
        return super().combine([torch.cat((one, border[..., :0]), -1) for one in slices])


class TorchPools(_Right):
    """torch's own pooling is called.

    The layer is to be built on your own `pool2d`. Where it is, `pool2d` itself calls torch's.
    """

    def forward(self, x):
        pool = F.max_pool2d if self.mode == "max" else F.avg_pool2d
        return pool(x, self.kernel_size, self.stride, self.padding)


class TorchPools__rewrite(nn.Module):
    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__()
        layer = nn.MaxPool2d if _Right.mode == "max" else nn.AvgPool2d
        self.inner = layer(kernel_size, stride, padding)

    def forward(self, x):
        return self.inner(x)


class EmptyBatch(_Right):
    """An empty batch is an error.

    Where images are pooled one by one and put together, there is nothing to put together. Pool the batch as a whole.
    """

    def forward(self, x):
        return torch.stack([super(EmptyBatch, self).forward(image[None])[0] for image in x])


class EmptyBatch__rewrite(_Again):
    def forward(self, x):
        images = []
        for image in x:
            images.append(super().forward(image.unsqueeze(0)).squeeze(0))
        return torch.stack(images)


class PaddingLeftOut(_Right):
    """Means leave the padding out.

    That is count_include_pad=False. Here padding counts as zeros: the sum is divided by the number of places of the
    window.
    """

    def pool(self, x, kernel_size, stride, padding):
        inside = super().pool(torch.ones_like(x), kernel_size, stride, padding)
        return super().pool(x, kernel_size, stride, padding) / inside


class PaddingLeftOut__rewrite(_Again):
    def forward(self, x):
        count = super().forward(torch.ones_like(x.detach()))
        return super().forward(x) / count


class Maxima(_Right):
    """Maxima are taken instead of means.

    `pool2d` takes the largest entry unless it is told otherwise: hand it the mode "avg".
    """

    mode = "max"


class Maxima__rewrite(_Again):
    fill = -torch.inf


class Sums(_Right):
    """Sums are taken instead of means.

    Divide by the number of places of the window.
    """

    def forward(self, x):
        h, w = _pair(self.kernel_size)
        return super().forward(x) * (h * w)


class Sums__rewrite(_Again):
    def combine(self, slices):
        return torch.stack(slices).sum(0)
