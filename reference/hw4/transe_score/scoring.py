"""Scores of triples in two ways, with parts that can be exchanged."""

import torch
from torch.nn import functional as F


def checked(p):
    if p not in (1, 2):
        raise ValueError(f"p must be 1 or 2, not {p}")


def the_columns(triples):
    return triples.unbind(dim=-1)


def the_step(head, relation, tail):
    return head + relation - tail


def the_norm(difference, p):
    return torch.linalg.vector_norm(difference, ord=p, dim=-1)


def score(triples, entities, relations, p=1, *, check=checked, columns=the_columns, step=the_step, norm=the_norm):
    """Right as it stands; a mistake gives another part."""
    check(p)
    head, relation, tail = columns(triples)
    return -norm(step(entities[head], relations[relation], entities[tail]), p)


def looked_up(triples, entities, relations, p=1, *, tables=None, step=torch.sub, end=torch.neg):
    """The same by torch's embedding lookup, with a list of triples."""
    checked(p)
    flat = triples.reshape(-1, 3)
    for_heads, for_relations, for_tails = tables or (entities, relations, entities)
    arrived = F.embedding(flat[:, 0], for_heads) + F.embedding(flat[:, 1], for_relations)
    difference = step(arrived, F.embedding(flat[:, 2], for_tails))
    return end(torch.norm(difference, p=p, dim=1)).reshape(triples.shape[:-1])
