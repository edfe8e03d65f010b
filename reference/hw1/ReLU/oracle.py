"""ReLU by torch's own operator."""

import torch


class ReLU:
    apply = staticmethod(torch.relu)
