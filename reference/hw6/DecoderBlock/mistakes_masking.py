"""Ways in which DecoderBlock sees what it should not, or does not see what it should."""

import torch
from decoders import Again as _Again
from decoders import Right as _Right


class NotCausal(_Right):
    """Steps look at later ones.

    In training the next word would then stand where it is to be guessed. Give the self-attention a length for every
    step.
    """

    def look_back(self, X, K, state):
        return self.attention1(X, K, K)


class NotCausal__rewrite(_Again):
    def seen(self, at, keys, batch):
        return torch.full((batch, len(at)), keys, device=at.device)


class CausalInTrainingOnly(_Right):
    """In evaluation mode steps look at later ones.

    With one step at a time there is nothing to mask, but a prompt of several steps, or a loss on held-out sentences,
    needs the mask as much as training does.
    """

    def look_back(self, X, K, state):
        if self.training:
            return super().look_back(X, K, state)
        return self.attention1(X, K, K)


class CausalInTrainingOnly__rewrite(_Again):
    def seen(self, at, keys, batch):
        return super().seen(at if self.training else torch.full_like(at, keys - 1), keys, batch)


class CausalInEvaluationOnly(_Right):
    """In training mode steps look at later ones.

    Then the block learns to copy the word that it is to guess. The mask is needed in both modes.
    """

    def look_back(self, X, K, state):
        if not self.training:
            return super().look_back(X, K, state)
        return self.attention1(X, K, K)


class CausalInEvaluationOnly__rewrite(_Again):
    def seen(self, at, keys, batch):
        return super().seen(torch.full_like(at, keys - 1) if self.training else at, keys, batch)


class NotItself(_Right):
    """A step does not look at itself.

    Step t looks at the steps 0 to t, which are t + 1.
    """

    def lengths(self, batch, steps, keys, device):
        return super().lengths(batch, steps, keys, device) - 1


class NotItself__rewrite(_Again):
    def seen(self, at, keys, batch):
        return at.expand(batch, len(at))


class OneTooMany(_Right):
    """A step looks at the one that follows.

    Step t looks at the steps 0 to t, which are t + 1.
    """

    def lengths(self, batch, steps, keys, device):
        return super().lengths(batch, steps, keys, device) + 1


class OneTooMany__rewrite(_Again):
    def seen(self, at, keys, batch):
        return (at + 2).repeat(batch, 1)


class MaskWithoutCache(_Right):
    """The lengths are counted from 1, as if there were no cache.

    Behind a cache of c steps the first new step looks at c + 1 keys: the cache and itself.
    """

    def lengths(self, batch, steps, keys, device):
        return torch.arange(1, steps + 1, device=device).repeat(batch, 1)


class MaskWithoutCache__rewrite(_Again):
    def at(self, steps, before, device):
        return torch.arange(steps, device=device)


class OnlyTheCache(_Right):
    """All new steps look at the cache and at the first new one only.

    Step t of the new ones looks at c + t + 1 keys, where c is the number of steps in the cache.
    """

    def lengths(self, batch, steps, keys, device):
        if keys == steps:
            return super().lengths(batch, steps, keys, device)
        return torch.full((batch, steps), keys - steps + 1, device=device)


class OnlyTheCache__rewrite(_Again):
    def at(self, steps, before, device):
        return super().at(steps, before, device) if not before else super().at(steps, before, device) * 0 + before


class AllBehindACache(_Right):
    """With a cache, the new steps look at later ones.

    There may be several new steps at a time. The mask is needed with a cache too.
    """

    def look_back(self, X, K, state):
        if K.shape[1] == X.shape[1]:
            return super().look_back(X, K, state)
        return self.attention1(X, K, K)


class AllBehindACache__rewrite(_Again):
    def seen(self, at, keys, batch):
        return super().seen(at if keys == len(at) else at * 0 + keys, keys, batch)


class EncoderLengthsInSelfAttention(_Right):
    """The encoder's valid lengths are given to the self-attention.

    They say how long the sentences are that the encoder has read. What the decoder writes has nothing to do with them.
    """

    def look_back(self, X, K, state):
        if state[1] is None:
            return super().look_back(X, K, state)
        lengths = self.lengths(len(X), X.shape[1], K.shape[1], X.device)
        return self.attention1(X, K, K, torch.minimum(lengths, state[1][:, None]))


class EncoderLengthsInSelfAttention__rewrite(_Again):
    def forward(self, X, state):
        self.others = state[1]
        return super().forward(X, state)

    def seen(self, at, keys, batch):
        seen = super().seen(at, keys, batch)
        return seen if self.others is None else torch.where(seen > self.others[:, None], self.others[:, None], seen)


class NoEncoderLengths(_Right):
    """The valid lengths are not given to the attention to the encoder's outputs.

    Its padding is looked at like words then. `state[1]` belongs to `attention2`.
    """

    def look_up(self, X, Y, state):
        return self.attention2(Y, state[0], state[0])


class NoEncoderLengths__rewrite(_Again):
    def middle(self, X, Y, enc, enc_lengths, p):
        return super().middle(X, Y, enc, None, p)
