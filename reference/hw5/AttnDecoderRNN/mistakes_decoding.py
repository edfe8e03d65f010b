"""Ways in which the decoding of AttnDecoderRNN goes wrong. The mistakes change `Right`, the rewrites `Again`."""

import torch
import torch.nn.functional as F
from pieces import Again as _Again
from pieces import Right as _Right
from torch import nn


class EmbeddingFirst(_Right):
    """The embedding stands before the context.

    The weights of the GRU know the place of each feature: here the context comes first.
    """

    def together(self, context, embedded):
        return torch.cat((embedded, context), dim=1)


class EmbeddingFirst__rewrite(_Again):
    def side_by_side(self, context, word):
        return torch.hstack((word, context))


class HiddenStateNotCarried(_Right):
    """Every step starts from the first hidden state.

    The GRU goes on from the state in which the step before left it.
    """

    def carried(self, hidden, first):
        return first


class HiddenStateNotCarried__rewrite(_Again):
    def forward(self, X, state):
        outputs, first, lengths = state
        scores, rows, hidden = [], [], first
        for ids in X.split(1, dim=1):
            weights = self.share(self.compare(hidden[-1], outputs), self.valid(outputs, lengths))
            inputs = self.side_by_side(self.context(weights, outputs), self.embedding(ids)[:, 0])
            output, hidden = self.rnn(inputs.unsqueeze(0), first)
            scores.append(output[0])
            rows.append(weights)
        self.attention_weights = self.note(rows)
        return self.finish(scores), [outputs, hidden, lengths]


class LengthsLost(_Right):
    """The valid lengths are lost after the first call.

    The next call needs them to leave padding out: they belong to the state.
    """

    def new(self, outputs, before, after, lengths):
        return outputs, after, None


class LengthsLost__rewrite(_Again):
    def forward(self, X, state):
        scores, (outputs, hidden, _) = super().forward(X, state)
        return scores, [outputs, hidden, None]


class LengthsIgnored(_Right):
    """The valid lengths that `init_state` is given are dropped.

    They belong to the state.
    """

    def init_state(self, enc_outputs, enc_valid_lens=None):
        return (*super().init_state(enc_outputs)[:2], None)


class LengthsIgnored__rewrite(_Again):
    def init_state(self, enc_outputs, *_):
        return super().init_state(enc_outputs)


class OldState(_Right):
    """The hidden state that was given is returned.

    The next call must go on where this one stopped: return the GRU's new state.
    """

    def new(self, outputs, before, after, lengths):
        return outputs, before, lengths


class OldState__rewrite(_Again):
    def forward(self, X, state):
        return super().forward(X, state)[0], state


class StepsFirst(_Right):
    """The scores have the steps first.

    The batch comes first in what is returned: (batch, num_steps, vocab_size).
    """

    def batch_first(self, scores):
        return scores


class StepsFirst__rewrite(_Again):
    def finish(self, steps):
        return torch.stack([self.dense(step) for step in steps])


class Probabilities(_Right):
    """A softmax is taken of the scores.

    The loss takes it. Return what `dense` gives.
    """

    def scores(self, output):
        return torch.softmax(self.dense(output), -1)


class Probabilities__rewrite(_Again):
    def finish(self, steps):
        scores = super().finish(steps).exp()
        return scores / scores.sum(-1, keepdim=True)


class WeightsOfTheLastStep(_Right):
    """The attribute `attention_weights` holds the weights of the last step alone.

    They are wanted for every step of the call.
    """

    def keep(self, weights):
        self.attention_weights = weights[-1].unsqueeze(1)


class WeightsOfTheLastStep__rewrite(_Again):
    def note(self, rows):
        return rows[-1][:, None]


class WeightsNotKept(_Right):
    """The attribute `attention_weights` is not set.

    It holds the weights of the last call.
    """

    def keep(self, weights):
        pass


class WeightsNotKept__rewrite(_Again):
    def __setattr__(self, name, value):
        if name != "attention_weights":
            super().__setattr__(name, value)


class WeightsOfAllCalls(_Right):
    """The attribute `attention_weights` holds the weights of all calls.

    Start anew in every call.
    """

    def keep(self, weights):
        self.all = [*getattr(self, "all", []), *weights]
        super().keep(self.all)


class WeightsOfAllCalls__rewrite(_Again):
    def note(self, rows):
        before = getattr(self, "attention_weights", None)
        now = super().note(rows)
        return now if before is None else torch.cat((before, now), dim=1)


class WeightsStepsFirst(_Right):
    """The attribute `attention_weights` has the steps first.

    Its shape is (batch, num_steps, steps of the source).
    """

    def keep(self, weights):
        self.attention_weights = torch.stack(weights)


class WeightsStepsFirst__rewrite(_Again):
    def note(self, rows):
        return super().note(rows).permute(1, 0, 2)


class WeightsInAList(_Right):
    """The attribute `attention_weights` is a list.

    One tensor is wanted: put those of the steps together, along axis 1.
    """

    def keep(self, weights):
        self.attention_weights = [one.unsqueeze(1) for one in weights]


class WeightsInAList__rewrite(_Again):
    def note(self, rows):
        return [row[:, None] for row in rows]


class NoDropout(_Right):
    """The dropout is not handed on to the GRU.

    With a `dropout` above 0 and several layers, what goes from layer to layer is dropped in training mode.
    """

    def network(self, inputs, hiddens, layers, dropout):
        return nn.GRU(inputs, hiddens, layers)


class NoDropout__rewrite(_Again):
    def rate(self, dropout):
        return 0.0


class WeightsDropped(_Right):
    """Attention weights are dropped.

    Only what goes from one layer of the GRU to the next is.
    """

    def look(self, query, outputs, lengths):
        weights, _ = super().look(query, outputs, lengths)
        kept = F.dropout(weights, self.dropout, self.training)
        return weights, torch.bmm(kept.unsqueeze(1), outputs).squeeze(1)


class WeightsDropped__rewrite(_Again):
    def context(self, weights, outputs):
        return super().context(torch.dropout(weights, float(self.rnn.dropout), self.training), outputs)


class SingleInside(_Right):
    """Something is computed in single precision in a float64 model.

    Keep the dtype of what you are given.
    """

    def normalise(self, scores, lengths):
        return super().normalise(scores.float(), lengths).to(scores.dtype)


class SingleInside__rewrite(_Again):
    def share(self, scores, valid):
        return super().share(scores.to(torch.float32), valid).type_as(scores)
