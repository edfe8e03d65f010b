"""Ways in which Seq2SeqDecoder goes wrong. The mistakes change `Right`, the rewrites `Again`."""

import torch
import torch.nn.functional as F
from pieces import Again as _Again
from pieces import Right as _Right
from torch import nn


class ContextOfItsOwnState(_Right):
    """The context is taken from the decoder's own state in every call.

    In the first call this is the encoder's state, later it is not: a translation that is made step by step then sees
    another context than the training did. Keep the encoder's context in the state.
    """

    def context(self, context, hidden, steps):
        return hidden[-1].repeat(steps, 1, 1)

    def new(self, context, before, after):
        return after[-1], after


class ContextOfItsOwnState__rewrite(_Again):
    def beside(self, state, words):
        return state[1][-1][None].expand(words.shape[0], -1, -1)

    def forward(self, X, state):
        scores, (_, hidden) = super().forward(X, state)
        return scores, [hidden[-1], hidden]


class HiddenStateAlone(_Right):
    """The state is the hidden state alone.

    The context belongs to it as well, or it is lost after the first call: return (context, hidden_state).
    """

    def init_state(self, enc_outputs, *args):
        return enc_outputs[1]

    def forward(self, X, state):
        scores, (_, hidden) = super().forward(X, (state[-1], state))
        return scores, hidden


class HiddenStateAlone__rewrite(_Again):
    def init_state(self, enc_outputs, *args):
        return enc_outputs[-1]

    def forward(self, X, state):
        words = self.look_up(X.T)
        output, state = self.rnn(self.joined(words, self.beside(state[-1:], words)), state)
        return self.turned(self.dense_of(output)), state


class ContextFirst(_Right):
    """The context stands before the embedding.

    The weights of the GRU know the place of each feature: the embedding comes first.
    """

    def together(self, embedded, context):
        return torch.cat((context, embedded), 2)


class ContextFirst__rewrite(_Again):
    def joined(self, words, beside):
        return torch.dstack((beside, words))


class ContextOfTheFirstLayer(_Right):
    """The context is the state of the first layer.

    It is that of the last layer, the one at -1.
    """

    def context_of(self, enc_outputs):
        return enc_outputs[1][0]


class ContextOfTheFirstLayer__rewrite(_Again):
    def init_state(self, enc_outputs, *args):
        return [next(iter(enc_outputs[1])), enc_outputs[1]]


class ContextOfTheFirstStep(_Right):
    """The context is the encoder's output at the first step.

    At the first step it has read one token. Take what it knew at the end.
    """

    def context_of(self, enc_outputs):
        return enc_outputs[0][0]


class ContextOfTheFirstStep__rewrite(_Again):
    def init_state(self, enc_outputs, *args):
        return [enc_outputs[0].select(0, 0), enc_outputs[1]]


class MeanContext(_Right):
    """The context is the mean of the encoder's outputs.

    It is the last of them.
    """

    def context_of(self, enc_outputs):
        return enc_outputs[0].mean(0)


class MeanContext__rewrite(_Again):
    def init_state(self, enc_outputs, *args):
        return [sum(enc_outputs[0]) / len(enc_outputs[0]), enc_outputs[1]]


class ContextMixed(_Right):
    """The context of one sentence reaches another.

    Repeat it along the new axis of the steps, not along that of the batch.
    """

    def context(self, context, hidden, steps):
        return context.repeat_interleave(steps, 0).reshape(steps, *context.shape)


class ContextMixed__rewrite(_Again):
    def beside(self, state, words):
        several = torch.stack([state[0]] * len(words), 1)
        return several.reshape(len(words), *state[0].shape)


class StartsFromZeros(_Right):
    """The GRU starts from zeros instead of the encoder's state.

    Give it the hidden state as well.
    """

    def run(self, inputs, hidden):
        return self.rnn(inputs)


class StartsFromZeros__rewrite(_Again):
    def forward(self, X, state):
        scores, (_, hidden) = super().forward(X, [state[0], state[1] * 0])
        return scores, [state[0], hidden]


class StepsFirst(_Right):
    """The scores have the steps first.

    The batch comes first in what is returned: (batch, num_steps, vocab_size).
    """

    def batch_first(self, scores):
        return scores


class StepsFirst__rewrite(_Again):
    def turned(self, scores):
        return torch.stack(scores.unbind(0))


class ReshapedAtTheEnd(_Right):
    """Steps and batch are exchanged by a reshape.

    It mixes the scores of the sentences. Exchange axes with a transpose.
    """

    def batch_first(self, scores):
        return scores.reshape(scores.shape[1], scores.shape[0], -1)


class ReshapedAtTheEnd__rewrite(_Again):
    def turned(self, scores):
        return scores.flatten(0, 1).unflatten(0, (scores.shape[1], -1))


class Probabilities(_Right):
    """A softmax is taken of the scores.

    The loss takes it. Return what `dense` gives.
    """

    def scores(self, output):
        return torch.softmax(self.dense(output), -1)


class Probabilities__rewrite(_Again):
    def dense_of(self, output):
        scores = super().dense_of(output).exp()
        return scores / scores.sum(-1, keepdim=True)


class LogProbabilities(_Right):
    """The logarithm of a softmax is taken of the scores.

    The loss takes it. Return what `dense` gives.
    """

    def scores(self, output):
        return torch.log_softmax(self.dense(output), -1)


class LogProbabilities__rewrite(_Again):
    def dense_of(self, output):
        scores = super().dense_of(output)
        return scores - scores.logsumexp(-1, keepdim=True)


class OldState(_Right):
    """The state that was given is returned.

    The next call must go on where this one stopped: return the GRU's new state.
    """

    def new(self, context, before, after):
        return context, before


class OldState__rewrite(_Again):
    def forward(self, X, state):
        return super().forward(X, state)[0], state


class OutOfTheGraph(_Right):
    """The encoder's state is detached, so the encoder learns nothing.

    The gradient of the loss reaches the encoder through it.
    """

    def init_state(self, enc_outputs, *args):
        return enc_outputs[1][-1].detach(), enc_outputs[1].detach()


class OutOfTheGraph__rewrite(_Again):
    def init_state(self, enc_outputs, *args):
        return [part.data for part in super().init_state(enc_outputs)]


class ContextOutOfTheGraph(_Right):
    """The context is detached from the graph.

    The gradient of the loss reaches the encoder through it, too.
    """

    def context_of(self, enc_outputs):
        return enc_outputs[1][-1].detach()


class ContextOutOfTheGraph__rewrite(_Again):
    def init_state(self, enc_outputs, *args):
        context, hidden = super().init_state(enc_outputs)
        return [context.data, hidden]


class NoDropout(_Right):
    """The dropout is not handed on to the GRU.

    With a `dropout` above 0 and several layers, what goes from layer to layer is dropped in training mode.
    """

    def network(self, inputs, hiddens, layers, dropout):
        return nn.GRU(inputs, hiddens, layers)


class NoDropout__rewrite(_Again):
    def rate(self, dropout):
        return 0.0


class EmbeddingsDropped(_Right):
    """The embeddings are dropped too.

    Only what goes from one layer of the GRU to the next is.
    """

    def embed(self, X):
        return F.dropout(self.embedding(X), self.dropout, self.training)


class EmbeddingsDropped__rewrite(_Again):
    def look_up(self, ids):
        return nn.Dropout(self.p).train(self.training)(super().look_up(ids))


class OutputsDropped(_Right):
    """What the last layer gives is dropped too.

    Only what goes from one layer of the GRU to the next is.
    """

    def scores(self, output):
        return self.dense(F.dropout(output, self.dropout, self.training))


class OutputsDropped__rewrite(_Again):
    def dense_of(self, output):
        return super().dense_of(torch.dropout(output, self.p, self.training))


class ContextOnTheCpu(_Right):
    """The context is copied into a tensor on the CPU.

    Make new tensors on the device of those that are given, or repeat the context itself.
    """

    def context(self, context, hidden, steps):
        many = torch.zeros(steps, *context.shape)
        many[:] = context
        return many


class ContextOnTheCpu__rewrite(_Again):
    def beside(self, state, words):
        return torch.ones(words.shape[0], 1, 1) * state[0]
