"""A correct model of the parts, of which each mistake changes one step."""

from oracle import BERTModel as Again  # noqa: F401
from parts import BERTEncoder, MaskLM, NextSentencePred
from torch import nn


class Right(nn.Module):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len=1000):
        super().__init__()
        self.encoder = BERTEncoder(vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len)
        self.hidden = nn.Sequential(nn.Linear(num_hiddens, num_hiddens), nn.Tanh())
        self.mlm = MaskLM(vocab_size, num_hiddens, num_hiddens)
        self.nsp = NextSentencePred(num_hiddens)

    def represent(self, encoded_X):
        return encoded_X[:, 0, :]

    def classify(self, encoded_X):
        return self.nsp(self.hidden(self.represent(encoded_X)))

    def predict(self, encoded_X, pred_positions):
        return None if pred_positions is None else self.mlm(encoded_X, pred_positions)

    def forward(self, tokens, segments, valid_lens=None, pred_positions=None):
        encoded_X = self.encoder(tokens, segments, valid_lens)
        return encoded_X, self.predict(encoded_X, pred_positions), self.classify(encoded_X)
