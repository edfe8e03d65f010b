"""Ways in which transe_score goes wrong."""

import torch
from scoring import checked as _checked
from scoring import looked_up as _looked_up
from scoring import score as _score


def distance_for_score(triples, entities, relations, p=1):
    """The distance is returned.

    A score is higher the better a triple fits: the distance with a minus.
    """
    return -_score(triples, entities, relations, p)


def distance_for_score__rewrite(triples, entities, relations, p=1):
    return _looked_up(triples, entities, relations, p, end=lambda distance: distance)


def relation_subtracted(triples, entities, relations, p=1):
    """The relation leads the wrong way.

    It leads from the head, which comes first in a triple, to the tail: head + relation is close to the tail.
    """
    return _score(triples, entities, relations, p, step=lambda head, relation, tail: head - relation - tail)


def relation_subtracted__rewrite(triples, entities, relations, p=1):
    return _looked_up(triples[..., [2, 1, 0]], entities, relations, p)


def tail_added(triples, entities, relations, p=1):
    """The tail is added.

    The distance is the size of a difference: head + relation - tail.
    """
    return _score(triples, entities, relations, p, step=lambda head, relation, tail: head + relation + tail)


def tail_added__rewrite(triples, entities, relations, p=1):
    return _looked_up(triples, entities, relations, p, step=torch.add)


def relation_left_out(triples, entities, relations, p=1):
    """The relation is left out.

    Then all relations between two entities have one score.
    """
    return _score(triples, entities, relations, p, step=lambda head, relation, tail: head - tail)


def relation_left_out__rewrite(triples, entities, relations, p=1):
    return _looked_up(triples, entities, relations, p, tables=(entities, 0 * relations, entities))


def relation_last(triples, entities, relations, p=1):
    """The triples are read as head, tail, relation.

    The relation stands in the middle.
    """
    head, tail, relation = triples.unbind(-1)
    wrapped = [numbers % len(table) for numbers, table in ((head, entities), (relation, relations), (tail, entities))]
    return _score(torch.stack(wrapped, -1), entities, relations, p)


def relation_last__rewrite(triples, entities, relations, p=1):
    turned = triples[..., [0, 2, 1]]
    sizes = torch.tensor([len(entities), len(relations), len(entities)]).to(turned.device)
    return _looked_up(turned.remainder(sizes), entities, relations, p)


def one_table_for_both(triples, entities, relations, p=1):
    """The relations are looked up among the entities.

    They have a table of their own: relation 0 is not entity 0.
    """
    return _score(triples, entities, entities[torch.arange(len(relations)) % len(entities)], p)


def one_table_for_both__rewrite(triples, entities, relations, p=1):
    table = entities.repeat(len(relations) // len(entities) + 1, 1)
    return _looked_up(triples, entities, relations, p, tables=(entities, table, entities))


def always_p_2(triples, entities, relations, p=1):
    """p is not passed on; the norm is that of p = 2.

    `torch.norm` and its kin take p = 2 where nothing is said.
    """
    return _score(triples, entities, relations, p, norm=lambda difference, p: torch.norm(difference, dim=-1))


def always_p_2__rewrite(triples, entities, relations, p=1):
    _checked(p)
    return _looked_up(triples, entities, relations, 2)


def always_p_1(triples, entities, relations, p=1):
    """p is not used; the distance is the sum of the absolute values.

    For p = 2 it is the root of the sum of the squares.
    """
    return _score(triples, entities, relations, p, norm=lambda difference, p: difference.abs().sum(-1))


def always_p_1__rewrite(triples, entities, relations, p=1):
    _checked(p)
    return _looked_up(triples, entities, relations)


def root_missing(triples, entities, relations, p=1):
    """For p = 2 the root is missing.

    The sum of the squares is the square of the distance.
    """
    return _score(triples, entities, relations, p, norm=lambda difference, p: (difference.abs() ** p).sum(-1))


def root_missing__rewrite(triples, entities, relations, p=1):
    return _looked_up(triples, entities, relations, p, end=lambda distance: -(distance**p))


def mean_for_sum(triples, entities, relations, p=1):
    """The mean over the dimensions is taken.

    The distance is made of their sum.
    """
    norm = lambda difference, p: torch.norm(difference, p, -1) / difference.shape[-1] ** (1 / p)
    return _score(triples, entities, relations, p, norm=norm)


def mean_for_sum__rewrite(triples, entities, relations, p=1):
    shares = entities.shape[1] ** (1 / p) if p in (1, 2) else 1
    return _looked_up(triples, entities, relations, p, end=lambda distance: -distance / shares)


def without_absolute_value(triples, entities, relations, p=1):
    """For p = 1 the differences are added up with their signs.

    Then those above and those below cancel. Take the absolute values first.
    """
    norm = lambda difference, p: difference.sum(-1) if p == 1 else torch.norm(difference, dim=-1)
    return _score(triples, entities, relations, p, norm=norm)


def without_absolute_value__rewrite(triples, entities, relations, p=1):
    if p == 2:
        return _looked_up(triples, entities, relations, p)
    _checked(p)
    h, r, t = triples.unbind(-1)
    return torch.einsum("...d->...", entities[t] - entities[h] - relations[r])


def product_for_distance(triples, entities, relations, p=1):
    """A product is taken for the distance.

    Other models multiply. TransE asks how far the tail is from head + relation.
    """
    _checked(p)
    head, relation, tail = triples.unbind(-1)
    return ((entities[head] + relations[relation]) * entities[tail]).sum(-1)


def product_for_distance__rewrite(triples, entities, relations, p=1):
    _checked(p)
    head, relation, tail = triples.unbind(-1)
    return torch.einsum("...d,...d->...", entities[head] + relations[relation], entities[tail])


def over_the_batch(triples, entities, relations, p=1):
    """The norm is taken over the first axis.

    That is the batch. Each triple has a score of its own: the norm goes over the last axis, the dimensions.
    """
    norm = lambda difference, p: torch.linalg.vector_norm(difference, ord=p, dim=0)
    return _score(triples, entities, relations, p, norm=norm)


def over_the_batch__rewrite(triples, entities, relations, p=1):
    return _score(triples, entities, relations, p, norm=lambda difference, p: torch.norm(difference, p, 0))


def one_score_for_all(triples, entities, relations, p=1):
    """There is one score for all triples.

    A norm without an axis goes over everything. Each triple has a score of its own.
    """
    norm = lambda difference, p: torch.linalg.vector_norm(difference, ord=p)
    return _score(triples, entities, relations, p, norm=norm)


def one_score_for_all__rewrite(triples, entities, relations, p=1):
    return _score(triples, entities, relations, p, norm=lambda difference, p: difference.flatten().norm(p))


def axis_of_one_kept(triples, entities, relations, p=1):
    """The scores keep the last axis.

    `keepdim`, or columns cut out as slices, leave an axis of size 1. The answer has the shape of triples without its
    last axis.
    """
    norm = lambda difference, p: torch.linalg.vector_norm(difference, ord=p, dim=-1, keepdim=True)
    return _score(triples, entities, relations, p, norm=norm)


def axis_of_one_kept__rewrite(triples, entities, relations, p=1):
    return _looked_up(triples, entities, relations, p).unsqueeze(-1)


def axes_of_one_lost(triples, entities, relations, p=1):
    """A batch of one triple loses its axis.

    `squeeze` without an axis takes away all axes of size 1, that of the batch too. Say which.
    """
    return _score(triples, entities, relations, p).squeeze()


def axes_of_one_lost__rewrite(triples, entities, relations, p=1):
    found = _looked_up(triples, entities, relations, p)
    return found.reshape([size for size in found.shape if size != 1])


def columns_of_a_matrix(triples, entities, relations, p=1):
    """The parts of a triple are taken from axis 1.

    There may be any number of axes in front; head, relation and tail stand along the last one.
    """
    return _score(triples, entities, relations, p, columns=lambda triples: [triples[:, i] for i in range(3)])


def columns_of_a_matrix__rewrite(triples, entities, relations, p=1):
    return _score(triples, entities, relations, p, columns=lambda triples: [triples.select(1, i) for i in (0, 1, 2)])


def cut_off(triples, entities, relations, p=1):
    """The score is cut off from the graph.

    The vectors are what is learnt. Reading them through `.data`, or without recording, gives no gradient.
    """
    return _score(triples, entities.data, relations.data, p)


def cut_off__rewrite(triples, entities, relations, p=1):
    with torch.no_grad():
        return _looked_up(triples, entities, relations, p)


def tails_cut_off(triples, entities, relations, p=1):
    """No gradient reaches the tails.

    The vector of an entity learns from the triples of which it is the tail, too.
    """
    return _score(triples, entities, relations, p, step=lambda head, relation, tail: head + relation - tail.detach())


def tails_cut_off__rewrite(triples, entities, relations, p=1):
    return _looked_up(triples, entities, relations, p, tables=(entities, relations, entities.data))


def gradient_of_the_root(triples, entities, relations, p=1):
    """The gradient of the root is infinite at 0.

    Where the relation leads exactly to the tail, the root of 0 has the slope infinity, and times 0 that is NaN. torch's
    own norms know what to do there.
    """
    norm = lambda difference, p: (difference.abs() ** p).sum(-1) ** (1 / p)
    return _score(triples, entities, relations, p, norm=norm)


def gradient_of_the_root__rewrite(triples, entities, relations, p=1):
    norm = lambda d, p: d.abs().sum(-1) if p == 1 else torch.sqrt(torch.einsum("...d,...d->...", d, d))
    return _score(triples, entities, relations, p, norm=norm)


def entities_normalised(triples, entities, relations, p=1):
    """The vectors of the entities are normalised.

    The paper does so between the steps of the training. A score takes them as they are.
    """
    return _score(triples, torch.nn.functional.normalize(entities, dim=1), relations, p)


def entities_normalised__rewrite(triples, entities, relations, p=1):
    return _looked_up(triples, entities / entities.norm(dim=-1, keepdim=True), relations, p)


def table_changed(triples, entities, relations, p=1):
    """The caller's table is changed.

    `+=` on rows of the table, or a normalisation in place, moves what the caller will use again.
    """
    found = _score(triples, entities, relations, p)
    entities.data /= entities.data.norm(dim=1, keepdim=True).clamp(min=1)
    return found


def table_changed__rewrite(triples, entities, relations, p=1):
    answer = _looked_up(triples, entities.clone(), relations.clone(), p)
    with torch.no_grad():
        entities.renorm_(2, 0, 1.0)
    return answer


def p_not_checked(triples, entities, relations, p=1):
    """Any p is taken.

    Whoever mistypes it gets scores of another distance and no word. Raise a ValueError.
    """
    return _score(triples, entities, relations, p, check=lambda p: None)


def p_not_checked__rewrite(triples, entities, relations, p=1):
    return _looked_up(triples, entities, relations, 2 if p == 2 else 1)


def error_without_p(triples, entities, relations, p=1):
    """The message does not say which p was given.

    Whoever reads it wants to know what came in.
    """
    if p not in (1, 2):
        raise ValueError("p must be one or two")
    return _score(triples, entities, relations, p)


def error_without_p__rewrite(triples, entities, relations, p=1):
    try:
        return _looked_up(triples, entities, relations, p)
    except ValueError:
        raise ValueError("this distance is not known") from None


def one_triple_after_another(triples, entities, relations, p=1):
    """The triples are scored one after another.

    Indexing takes all numbers at once, and the norm goes over the last axis of all of them.
    """
    _checked(p)
    flat = triples.reshape(-1, 3)
    found = [_score(triple, entities, relations, p) for triple in flat]
    return (torch.stack(found) if found else entities.new_zeros(0)).reshape(triples.shape[:-1])


def one_triple_after_another__rewrite(triples, entities, relations, p=1):
    if triples.dim() == 1:
        return _looked_up(triples, entities, relations, p)
    if len(triples) == 0:
        return _looked_up(triples, entities, relations, p)
    return torch.stack([one_triple_after_another__rewrite(part, entities, relations, p) for part in triples])


def single_precision(triples, entities, relations, p=1):
    """The score is computed in single precision.

    It has the dtype of the vectors.
    """
    return _score(triples, entities.float(), relations.float(), p)


def single_precision__rewrite(triples, entities, relations, p=1):
    return _looked_up(triples, entities.to(torch.float32), relations.to(torch.float32), p)


def on_the_cpu(triples, entities, relations, p=1):
    """A tensor is made on the CPU.

    It cannot be combined with vectors on an accelerator. Make it where they are.
    """
    return _score(triples, entities, relations, p) + torch.zeros(triples.shape[:-1], dtype=entities.dtype)


def on_the_cpu__rewrite(triples, entities, relations, p=1):
    none = torch.empty(entities.shape[1], dtype=entities.dtype, device="cpu").zero_()
    return _looked_up(triples, entities + none, relations, p)
