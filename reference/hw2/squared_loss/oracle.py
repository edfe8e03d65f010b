"""squared_loss by torch's own mean squared error, which is asked for no mean."""

import torch.nn.functional as F


def squared_loss(y_hat, y):
    if y_hat.numel() != y.numel():
        raise ValueError(f"{y.numel()} targets do not belong to {y_hat.numel()} predictions")
    return 0.5 * F.mse_loss(y_hat, y.type_as(y_hat).reshape_as(y_hat), reduction="none")
