"""Linear by torch's own operator."""

import torch.nn.functional as F


class Linear:
    @staticmethod
    def apply(x, weight, bias=None):
        return F.linear(x, weight, bias)
