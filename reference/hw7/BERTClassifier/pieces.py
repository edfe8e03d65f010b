"""A correct classifier, of which each mistake changes one step; `Again` is the oracle's."""

from oracle import BERTClassifier as Again  # noqa: F401
from torch import nn


class Right(nn.Module):
    def __init__(self, bert, num_classes):
        super().__init__()
        self.encoder, self.hidden = self.parts(bert)
        self.output = nn.Linear(self.hidden[0].out_features, num_classes)

    def parts(self, bert):
        return bert.encoder, bert.hidden

    def encode(self, tokens, segments, valid_lens):
        return self.encoder(tokens, segments, valid_lens)

    def represent(self, encoded_X):
        return self.hidden(encoded_X[:, 0, :])

    def forward(self, inputs):
        tokens, segments, valid_lens = inputs
        return self.output(self.represent(self.encode(tokens, segments, valid_lens)))
