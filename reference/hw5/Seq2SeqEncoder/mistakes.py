"""Ways in which Seq2SeqEncoder goes wrong. The mistakes change `Right`, the rewrites `Again`."""

import torch
import torch.nn.functional as F
from pieces import Again as _Again
from pieces import Right as _Right
from torch import nn


class BatchTakenForSteps(_Right):
    """The GRU is given the batch where it expects the steps.

    It then reads down the batch, from one sentence to the next. Swap the axes first, or tell the GRU `batch_first`.
    """

    def steps_first(self, embedded):
        return embedded


class BatchTakenForSteps__rewrite(_Again):
    def forward(self, X, *args):
        inputs = self.look_up(X)
        return self.rnn(inputs, self.start(X.shape[1], inputs))


class OutputBatchFirst(_Right):
    """The outputs have the batch first.

    Their steps come first here: (num_steps, batch, num_hiddens).
    """

    def answer(self, output, state):
        return output.transpose(0, 1), state


class OutputBatchFirst__rewrite(_Again):
    def finish(self, both):
        return torch.stack(both[0].unbind(0), 1), both[1]


class Reshaped(_Right):
    """The axes are exchanged by a reshape.

    A view of the same numbers in another shape mixes the tokens of the sentences. Exchange axes with a transpose.
    """

    def steps_first(self, embedded):
        batch, steps, size = embedded.shape
        return embedded.reshape(steps, batch, size)


class Reshaped__rewrite(_Again):
    def forward(self, X, *args):
        inputs = self.look_up(X.flatten()).unflatten(0, (X.shape[1], X.shape[0]))
        return self.finish(self.rnn(inputs, self.start(len(X), inputs)))


class LastLayerAlone(_Right):
    """The state is that of the last layer alone.

    A decoder of several layers starts each of them: return the state of all layers.
    """

    def answer(self, output, state):
        return output, state[-1]


class LastLayerAlone__rewrite(_Again):
    def finish(self, both):
        return both[0], both[0][-1]


class StateFirst(_Right):
    """State and outputs are in the wrong order.

    The outputs come first, as those of an nn.GRU do.
    """

    def answer(self, output, state):
        return state, output


class StateFirst__rewrite(_Again):
    def finish(self, both):
        return both[::-1]


class LastStepAlone(_Right):
    """The outputs are those of the last step alone.

    They are wanted at every step: attention will look at all of them.
    """

    def answer(self, output, state):
        return output[-1], state


class LastStepAlone__rewrite(_Again):
    def finish(self, both):
        return both[1][-1], both[1]


class NoDropout(_Right):
    """The dropout is not handed on to the GRU.

    With a `dropout` above 0 and several layers, what goes from layer to layer is dropped in training mode.
    """

    def network(self, inputs, hiddens, layers, dropout):
        return nn.GRU(inputs, hiddens, layers)


class NoDropout__rewrite(_Again):
    def rate(self, dropout):
        return 0.0


class FixedDropout(_Right):
    """The probability of dropout is a fixed number.

    It is the argument `dropout`.
    """

    def network(self, inputs, hiddens, layers, dropout):
        return nn.GRU(inputs, hiddens, layers, dropout=0.5)


class FixedDropout__rewrite(_Again):
    def rate(self, dropout):
        return 1 / 2


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

    def answer(self, output, state):
        return F.dropout(output, self.dropout, self.training), state


class OutputsDropped__rewrite(_Again):
    def finish(self, both):
        return torch.dropout(both[0], self.p, self.training), both[1]


class DroppedInEvaluation(_Right):
    """Something is dropped in evaluation mode too.

    A dropout must know the mode: an nn.GRU that is given `dropout` knows it.
    """

    def run(self, inputs, *args):
        mode = self.rnn.training
        self.rnn.train()
        both = self.rnn(inputs)
        self.rnn.train(mode)
        return both


class DroppedInEvaluation__rewrite(_Again):
    def forward(self, X, *args):
        inputs = self.look_up(X.T)
        flat = self.rnn._flat_weights
        layers, _ = self.sizes
        return torch.gru(inputs, self.start(len(X), inputs), flat, True, layers, float(self.p), True, False, False)


class EmbeddingOutOfTheGraph(_Right):
    """The embedding gets no gradient.

    Through `.data` or `.detach()` its vectors stay as they were drawn. Call the layer.
    """

    def embed(self, X):
        return self.embedding.weight.data[X]


class EmbeddingOutOfTheGraph__rewrite(_Again):
    def look_up(self, ids):
        return super().look_up(ids).detach()


class StateOutOfTheGraph(_Right):
    """The state is detached from the graph.

    The decoder's loss must reach the encoder through it.
    """

    def answer(self, output, state):
        return output, state.detach()


class StateOutOfTheGraph__rewrite(_Again):
    def finish(self, both):
        return both[0], both[1].data.clone()


class StateKept(_Right):
    """The state is kept from call to call.

    Every minibatch holds other sentences: each call starts from zeros.
    """

    kept = None

    def run(self, inputs, *args):
        if self.kept is not None and self.kept.shape[1] != inputs.shape[1]:
            self.kept = None
        output, state = self.rnn(inputs, self.kept)
        self.kept = state.detach()
        return output, state


class StateKept__rewrite(_Again):
    def start(self, count, like):
        found = vars(self).get("last")
        return found if found is not None and found.shape[1] == count else super().start(count, like)

    def finish(self, both):
        vars(self)["last"] = both[1].detach().clone()
        return both


class StartsFromOnes(_Right):
    """The GRU does not start from zeros.

    Its first state is zeros; it makes them itself when it is given none.
    """

    def run(self, inputs, *args):
        return self.rnn(inputs, inputs.new_ones(self.rnn.num_layers, inputs.shape[1], self.rnn.hidden_size))


class StartsFromOnes__rewrite(_Again):
    def start(self, count, like):
        return super().start(count, like) + 1


class ZerosOnTheCpu(_Right):
    """The first state is made on the CPU.

    Make it on the device of the input, or leave it to the GRU.
    """

    def run(self, inputs, *args):
        return self.rnn(inputs, torch.zeros(self.rnn.num_layers, inputs.shape[1], self.rnn.hidden_size))


class ZerosOnTheCpu__rewrite(_Again):
    def start(self, count, like):
        layers, hiddens = self.sizes
        return torch.full((layers, count, hiddens), 0.0)


class PaddingSkipped(_Right):
    """Padding is not read.

    Stopping at the valid length is a good idea, but another network: here padding is read as any other token is.
    """

    def run(self, inputs, *args):
        output, state = self.rnn(inputs)
        if args:
            for row, length in enumerate(args[0].tolist()):
                one, state_of_one = self.rnn(inputs[:length, row : row + 1])
                output = torch.cat(
                    (output[:, :row], F.pad(one, (0, 0, 0, 0, 0, len(inputs) - length)), output[:, row + 1 :]), 1
                )
                state = torch.cat((state[:, :row], state_of_one, state[:, row + 1 :]), 1)
        return output, state


class PaddingSkipped__rewrite(_Again):
    def forward(self, X, *args):
        inputs = self.look_up(X.T)
        if not args:
            return self.finish(self.rnn(inputs, self.start(len(X), inputs)))
        packed = nn.utils.rnn.pack_padded_sequence(inputs, args[0].cpu(), enforce_sorted=False)
        output, state = self.rnn(packed)
        return nn.utils.rnn.pad_packed_sequence(output, total_length=len(inputs))[0], state
