"""Ways in which the cache of DecoderBlock goes wrong."""

import torch
from decoders import Again as _Again
from decoders import Right as _Right


class NothingKept(_Right):
    """The inputs of this call are not kept in the state.

    The steps that follow need them as keys and values. Put what the self-attention looked at into `state[2][i]`.
    """

    def remember(self, X, state):
        cache = state[2][self.i]
        return X if cache is None else torch.cat((cache, X), dim=1)


class NothingKept__rewrite(_Again):
    def kept(self, cache, X, K):
        return cache


class LastInputsOnly(_Right):
    """Only the inputs of the last call are kept.

    The cache grows: what goes into the state is the cache and X, joined.
    """

    def remember(self, X, state):
        K = super().remember(X, state)
        state[2][self.i] = X
        return K


class LastInputsOnly__rewrite(_Again):
    def kept(self, cache, X, K):
        return X


class CacheUnused(_Right):
    """The self-attention does not look at the cache.

    Its keys and values are the cache and X, joined.
    """

    def look_back(self, X, K, state):
        return super().look_back(X, X, state)


class CacheUnused__rewrite(_Again):
    def joined(self, cache, X):
        return X

    def kept(self, cache, X, K):
        return super().joined(cache, X)


class JoinedTwice(_Right):
    """X is joined to the cache twice.

    Every step stands once in the cache, however many calls there were.
    """

    def remember(self, X, state):
        K = super().remember(X, state)
        state[2][self.i] = torch.cat((K, X), dim=1)
        return K


class JoinedTwice__rewrite(_Again):
    def kept(self, cache, X, K):
        return torch.cat([K, X], 1)


class JoinedInFront(_Right):
    """X is put in front of the cache.

    What came first stands first. The lengths of the mask count on it.
    """

    def remember(self, X, state):
        cache = state[2][self.i]
        state[2][self.i] = X if cache is None else torch.cat((X, cache), dim=1)
        return state[2][self.i]


class JoinedInFront__rewrite(_Again):
    def joined(self, cache, X):
        return X if cache is None else torch.hstack((X, cache))


class JoinedOnAnotherAxis(_Right):
    """Cache and X are joined along the batch, not along the steps.

    The steps are axis 1. `torch.cat` joins along axis 0 unless told otherwise.
    """

    def remember(self, X, state):
        cache = state[2][self.i]
        state[2][self.i] = X if cache is None else torch.cat((cache, X))
        return state[2][self.i]


class JoinedOnAnotherAxis__rewrite(_Again):
    def joined(self, cache, X):
        return X if cache is None else torch.vstack([cache, X])


class AnswersKept(_Right):
    """What is kept is not the inputs of the block, but its answers or what is behind the first AddNorm.

    The self-attention of the next step projects the inputs X of this block, as that of this step does.
    """

    def forward(self, X, state):
        cache = state[2][self.i]
        answer, state = super().forward(X, state)
        state[2][self.i] = answer if cache is None else torch.cat((cache, answer), dim=1)
        return answer, state


class AnswersKept__rewrite(_Again):
    def last(self, X, Y, Z):
        self.answer = super().last(X, Y, Z)
        return self.answer

    def forward(self, X, state):
        cache = state[2][self.number]
        answer, state = super().forward(X, state)
        state[2][self.number] = self.joined(cache, self.answer)
        return answer, state


class KeptInTheModule(_Right):
    """The cache is kept in the module.

    The next sentence then sees the last one. What has to be remembered from call to call belongs into `state`.
    """

    memory = None

    def remember(self, X, state):
        self.memory = X if self.memory is None or len(self.memory) != len(X) else torch.cat((self.memory, X), dim=1)
        state[2][self.i] = self.memory
        return self.memory


class KeptInTheModule__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.past = []

    def joined(self, cache, X):
        if self.past and len(self.past[0]) != len(X):
            self.past.clear()
        self.past.append(X)
        return torch.cat(self.past, dim=1)


class OtherPlace(_Right):
    """The number of the block is not used.

    Every block has a place of its own in the list of caches, `state[2][i]`. With one place for all, each block
    overwrites the cache of the one before.
    """

    def remember(self, X, state):
        self.i = 0
        return super().remember(X, state)


class OtherPlace__rewrite(_Again):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.number = 0


class CacheOverwritten(_Right):
    """The tensor in the cache is changed.

    Whoever goes on from the same state in two ways, as beam search does, finds the other's steps in it. Make a new
    tensor.
    """

    def remember(self, X, state):
        cache = state[2][self.i]
        K = super().remember(X, state)
        if cache is not None:
            K = K.clone()
            cache.copy_(K[:, X.shape[1] :])
            state[2][self.i] = K
        return K


class CacheOverwritten__rewrite(_Again):
    def joined(self, cache, X):
        K = super().joined(cache, X)
        if cache is not None:
            cache[:, -1] = X[:, 0].detach()
        return K
