"""data_iter by torch's splitting of the order."""

import torch


def data_iter(batch_size, features, labels, generator=None):
    if batch_size < 1 or len(features) != len(labels):
        raise ValueError(f"batches of {batch_size} from {len(features)} samples and {len(labels)} labels")
    order = torch.randperm(len(features), generator=generator)
    for chosen in order.split(batch_size) if len(order) else ():
        yield tuple(part.index_select(0, chosen.to(part.device)) for part in (features, labels))
