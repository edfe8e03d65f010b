"""corr2d by torch's own operator."""

import torch.nn.functional as F


def corr2d(X, K):
    if K.shape[0] > X.shape[0] or K.shape[1] > X.shape[1]:
        raise ValueError("the kernel is larger than X")
    return F.conv2d(X[None, None], K[None, None])[0, 0]
