# %% [markdown]
# # Embeddings
#
# Words and things have no coordinates, and a network can do nothing without. The plainest way out counts: a text is the
# vector of how often each word occurs in it. The other way gives every thing a vector of its own, an *embedding*, and
# learns its numbers.

# %%
import torch
from torch import nn

# %% [markdown]
# ## BoWClassifier
#
# What language is a sentence in, is a review kind? Often it is enough to know which words occur. Logistic regression on
# the vector $x$ of the word counts has a weight for each word and label, so that one can look at what it has learnt:
#
# $$\log P(\text{label } k \mid x) = \log \operatorname{softmax}(W x + b)_k.$$


# %%
class BoWClassifier(nn.Module):
    """Classifies texts by their word counts: a linear layer, then the logarithm of the softmax.

    Args:
        num_labels: the number of labels, at least 1.
        vocab_size: the number of words that are counted.

    The layer is an nn.Linear called `linear`: its parameters are `linear.weight` of shape (num_labels, vocab_size) and
    `linear.bias` of shape (num_labels,). There are no others, and no buffers.

    Example:
        >>> model = BoWClassifier(num_labels=2, vocab_size=3)
        >>> _ = model.linear.weight.data.copy_(torch.tensor([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0]]))
        >>> _ = model.linear.bias.data.zero_()
        >>> model(torch.tensor([[2.0, 1.0, 5.0], [0.0, 1.0, 0.0]]))
        tensor([[-0.6931, -0.6931],
                [-2.1269, -0.1269]], grad_fn=<LogSoftmaxBackward0>)

    Source: Guthrie, PyTorch tutorial "Deep Learning with PyTorch for NLP", section "Logistic Regression Bag-of-Words
    classifier".
    """

    def __init__(self, num_labels, vocab_size):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, bow_vec):
        """The log-probability of every label.

        Args:
            bow_vec: shape (batch, vocab_size), floating point: a row of word counts for each text. The batch may be
                empty.

        Returns:
            A tensor of shape (batch, num_labels). Each text is classified by itself: in every row the exponentials add
            up to 1. nn.NLLLoss takes it as it is.

        The answer stays exact for counts of any size: no log-probability becomes infinite because a probability is too
        small for a float. Gradients flow to the parameters and to bow_vec, which is not changed. Works on the device of
        the parameters. The number of torch operations does not grow with the batch.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## transe_score
#
# What is known about the world is often written in *triples*: (Paris, capital of, France). TransE gives every entity and
# every relation a vector, and takes a relation for a step: from the head of a true triple it leads close to the tail,
#
# $$e_{\text{Paris}} + r_{\text{capital of}} \approx e_{\text{France}}.$$
#
# The score of a triple says how close.


# %%
def transe_score(triples, entities, relations, p=1):
    """Scores triples of a head, a relation and a tail by the TransE model: the higher, the more plausible.

    The score is the negative distance between the tail and where the relation leads from the head:

        score = -‖ entities[head] + relations[relation] - entities[tail] ‖

    Args:
        triples: int64, shape (..., 3): any number of axes in front, often one for the batch, or none for a single
            triple. Along the last axis stand the number of the head, of the relation and of the tail, in this order.
        entities: the vectors of all entities, shape (num_entities, dim), floating point.
        relations: the vectors of all relations, shape (num_relations, dim). They are counted by themselves: entity 0 and
            relation 0 have nothing to do with each other.
        p: which distance. 1 is the sum of the absolute values of the differences, 2 the root of the sum of their squares.

    Returns:
        A tensor with the shape of triples without its last axis, in the dtype of the vectors. A batch of one triple has
        one score, shape (1,), and no triples have none.

    Raises:
        ValueError: p is neither 1 nor 2; with a message that names it.

    Gradients flow to entities and relations. They are never NaN, also where the relation leads exactly to the tail. No
    argument is changed. Works on the device of the arguments. The number of torch operations does not grow with the
    number of triples.

    Example:
        >>> entities = torch.tensor([[0.0, 0.0], [3.0, 5.0], [1.0, 1.0]])
        >>> relations = torch.tensor([[0.0, 1.0], [3.0, 5.0]])
        >>> triples = torch.tensor([[0, 0, 1], [0, 1, 1]])
        >>> transe_score(triples, entities, relations)
        tensor([-7., -0.])
        >>> transe_score(triples[:1], entities, relations, p=2)
        tensor([-5.])

    Source: Bordes et al., "Translating Embeddings for Modeling Multi-relational Data" (2013), section 2.
    """
    raise NotImplementedError("your code here")
