"""shard_indices by torch's own sampler."""

from torch.utils.data import DistributedSampler


def shard_indices(num_samples, rank, world_size, *, epoch=0, seed=0, shuffle=True, drop_last=False):
    sampler = DistributedSampler(
        range(num_samples), num_replicas=world_size, rank=rank, shuffle=shuffle, seed=seed, drop_last=drop_last
    )
    sampler.set_epoch(epoch)
    return list(sampler) if num_samples else []
