"""Correct scores of triples."""

import torch


def from_the_stub(triples, entities, relations, p=1):
    """Columns by index, distances by torch.norm."""
    if p != 1 and p != 2:
        raise ValueError(f"p must be 1 or 2, got {p}")
    h, r, t = triples[..., 0], triples[..., 1], triples[..., 2]
    return -torch.norm(entities[h] + relations[r] - entities[t], p=p, dim=-1)


def flattened(triples, entities, relations, p=1):
    """A long list of triples, whose scores get their axes back."""
    if p not in {1, 2}:
        raise ValueError(f"unknown p: {p}")
    head, relation, tail = triples.reshape(-1, 3).T
    step = entities.index_select(0, head) + relations.index_select(0, relation)
    difference = (step - entities.index_select(0, tail)).abs()
    total = difference.sum(dim=1) if p == 1 else (difference**2).sum(dim=1)
    if p == 2:
        exact = total == 0
        total = torch.where(exact, total, torch.where(exact, torch.ones_like(total), total).sqrt())
    return (-total).reshape(triples.shape[:-1])


class _Model:
    """Both tables in layers, as in a model."""

    def __init__(self, entities, relations, p):
        self.entity = lambda numbers: torch.nn.functional.embedding(numbers, entities)
        self.relation = lambda numbers: torch.nn.functional.embedding(numbers, relations)
        self.p = p

    def distance(self, one, other):
        return torch.nn.functional.pairwise_distance(one, other, p=self.p, eps=0.0)

    def __call__(self, triples):
        head, relation, tail = torch.chunk(triples, chunks=3, dim=-1)
        arrived = self.entity(head.squeeze(-1)) + self.relation(relation.squeeze(-1))
        return 0.0 - self.distance(arrived, self.entity(tail.squeeze(-1)))


def by_a_model(triples, entities, relations, p=1):
    """A class for the model, and torch's distance."""
    if p == 1 or p == 2:
        return _Model(entities, relations, p)(triples)
    raise ValueError(f"p = {p} is not supported")
