# %% [markdown]
# # The Transformer
#
# Tokens become vectors by an embedding. It is multiplied with $\sqrt{d}$: its numbers are drawn small, the waves of the
# positions are between -1 and 1, and neither should drown the other. Then a stack of blocks follows.

# %%
import math

import torch
from torch import nn

from blocks import DecoderBlock, EncoderBlock
from positions import PositionalEncoding

# %% [markdown]
# ## TransformerEncoder, TransformerDecoder, TransformerLM
#
# All three begin in the same way. Encoder and decoder work together: the one reads a sentence, the other writes its
# translation and looks at what was read. A language model writes without reading.


# %%
class TransformerEncoder(nn.Module):
    """Embedding, positions and a stack of encoder blocks.

    Args of the constructor:
        vocab_size: number of tokens that there are.
        num_hiddens, ffn_num_hiddens, num_heads, dropout: as for `EncoderBlock`.
        num_layers: number of blocks.

    Three submodules are registered under these names:

        embedding: an `nn.Embedding`, vocab_size → num_hiddens
        pos_encoding: a `PositionalEncoding` with the same `dropout` and the `max_len` that it has by itself
        blks: the blocks, an `nn.Sequential` in which they are called block0, block1, …

    so that the parameters are called `embedding.weight`, `blks.block0.attention.W_q.weight` and so on. Each block has
    parameters of its own, there are no others, and the state dict restores the module.
    """

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout):
        super().__init__()
        ### BEGIN SOLUTION
        self.embedding = nn.Embedding(vocab_size, num_hiddens)
        self.pos_encoding = PositionalEncoding(num_hiddens, dropout)
        self.blks = nn.Sequential()
        for i in range(num_layers):
            self.blks.add_module(f"block{i}", EncoderBlock(num_hiddens, ffn_num_hiddens, num_heads, dropout))
        ### END SOLUTION

    def forward(self, X, valid_lens=None):
        """Encodes sequences of tokens.

        Args:
            X: indices of tokens, int64, shape (batch, steps).
            valid_lens: None, or the valid lengths of the sequences, shape (batch,).

        Returns:
            A tensor of shape (batch, steps, num_hiddens). The embeddings are multiplied with the square root of
            `num_hiddens`, then get their positions, and go through the blocks one after the other. Every block is given
            the valid lengths.

        In training mode `dropout` is at work in `pos_encoding` and in every block. In evaluation mode nothing is dropped.

        No argument is changed. Gradients flow to the parameters. Works on the device of X and of the parameters, where the
        work is done too: nothing is copied to the host.

        Example:
            >>> encoder = TransformerEncoder(200, 24, 48, 8, 2, 0.5).eval()
            >>> encoder(torch.ones(2, 100, dtype=torch.long), torch.tensor([3, 2])).shape
            torch.Size([2, 100, 24])

        Source: Vaswani et al., "Attention Is All You Need" (2017), sections 3.1 and 3.4; Zhang et al., "Dive into Deep
        Learning" (2023), section 11.7.4.
        """
        ### BEGIN SOLUTION
        X = self.pos_encoding(self.embedding(X) * math.sqrt(self.embedding.embedding_dim))
        for block in self.blks:
            X = block(X, valid_lens)
        return X
        ### END SOLUTION


# %%
class TransformerDecoder(nn.Module):
    """Embedding, positions, a stack of decoder blocks and an output layer.

    Args of the constructor:
        vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout: as for `TransformerEncoder`.

    The submodules are called `embedding`, `pos_encoding` and `blks` (block0, block1, …) as in `TransformerEncoder`, with a
    `DecoderBlock` for each block, whose `i` is its number; `dense` is a linear layer with a bias, num_hiddens → vocab_size.
    Each block has parameters of its own, there are no others, and the state dict restores the module.
    """

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout):
        super().__init__()
        ### BEGIN SOLUTION
        self.embedding = nn.Embedding(vocab_size, num_hiddens)
        self.pos_encoding = PositionalEncoding(num_hiddens, dropout)
        self.blks = nn.Sequential()
        for i in range(num_layers):
            self.blks.add_module(f"block{i}", DecoderBlock(num_hiddens, ffn_num_hiddens, num_heads, dropout, i))
        self.dense = nn.Linear(num_hiddens, vocab_size)
        ### END SOLUTION

    def init_state(self, enc_outputs, enc_valid_lens):
        """The state before the first step: a list of `enc_outputs`, `enc_valid_lens` and a list of num_layers times None."""
        ### BEGIN SOLUTION
        return [enc_outputs, enc_valid_lens, [None] * len(self.blks)]
        ### END SOLUTION

    def forward(self, X, state):
        """Scores of the tokens that may come next, for each step.

        Args:
            X: indices of tokens, int64, shape (batch, steps): all of a sequence, or those after the ones in `state`.
            state: what `init_state` or an earlier call returned.

        Returns:
            The scores, shape (batch, steps, vocab_size), and the state for the steps that follow. The embeddings are
            multiplied with the square root of `num_hiddens`, get their positions, go through the blocks one after the
            other, each with the state that the one before returned, and through `dense`. There is no softmax.

        Answering a sequence step by step gives the same scores as all at once: positions go on where the last call
        stopped, so that the first of the new steps is at the number of steps in the cache.

        In training mode `dropout` is at work in `pos_encoding` and in every block. In evaluation mode nothing is dropped.
        All that is kept from call to call is in `state`, nothing in the module.

        No tensor that is given is changed. Gradients flow to the encoder's outputs and to the parameters. Works on the
        device of the arguments, where the work is done too: nothing is copied to the host.

        Example:
            >>> decoder = TransformerDecoder(200, 24, 48, 8, 2, 0.5).eval()
            >>> state = decoder.init_state(torch.ones(2, 7, 24), torch.tensor([3, 2]))
            >>> scores, state = decoder(torch.ones(2, 5, dtype=torch.long), state)
            >>> scores.shape
            torch.Size([2, 5, 200])

        Source: Vaswani et al., "Attention Is All You Need" (2017), sections 3.1 and 3.4; Zhang et al., "Dive into Deep
        Learning" (2023), section 11.7.5.
        """
        ### BEGIN SOLUTION
        cache = state[2][0]
        before = 0 if cache is None else cache.shape[1]
        X = self.pos_encoding(self.embedding(X) * math.sqrt(self.embedding.embedding_dim), before)
        for block in self.blks:
            X, state = block(X, state)
        return self.dense(X), state
        ### END SOLUTION


# %% [markdown]
# A language model needs no encoder: it is a stack of *encoder* blocks, without attention to anything else, that look only
# back. Their valid lengths can say so.


# %%
class TransformerLM(nn.Module):
    """A language model: at each step it scores the token that comes next, from those up to here.

    Args of the constructor:
        vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout: as for `TransformerEncoder`.

    The submodules are called `embedding`, `pos_encoding` and `blks` (block0, block1, …, each an `EncoderBlock`) as in
    `TransformerEncoder`; `dense` is a linear layer with a bias, num_hiddens → vocab_size. Each block has parameters of its
    own, there are no others, and the state dict restores the module.
    """

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout):
        super().__init__()
        ### BEGIN SOLUTION
        self.embedding = nn.Embedding(vocab_size, num_hiddens)
        self.pos_encoding = PositionalEncoding(num_hiddens, dropout)
        self.blks = nn.Sequential()
        for i in range(num_layers):
            self.blks.add_module(f"block{i}", EncoderBlock(num_hiddens, ffn_num_hiddens, num_heads, dropout))
        self.dense = nn.Linear(num_hiddens, vocab_size)
        ### END SOLUTION

    def forward(self, X):
        """Scores of the token that follows each step.

        Args:
            X: indices of tokens, int64, shape (batch, steps).

        Returns:
            Scores of shape (batch, steps, vocab_size), without a softmax. The embeddings are multiplied with the square
            root of `num_hiddens`, get their positions, go through the blocks one after the other and through `dense`.
            In every block a step looks at itself and at the steps before it, and at no later one: what comes later
            changes no score, in training and in evaluation mode alike.

        In training mode `dropout` is at work in `pos_encoding` and in every block. In evaluation mode nothing is dropped.

        X is not changed. Gradients flow to the parameters. Works on the device of X and of the parameters, where the work
        is done too: nothing is copied to the host.

        Example:
            >>> model = TransformerLM(50, 8, 16, 2, 2, 0.1).eval()
            >>> model(torch.zeros(3, 5, dtype=torch.long)).shape
            torch.Size([3, 5, 50])

        Source: Vaswani et al., "Attention Is All You Need" (2017), section 3; Radford et al., "Improving Language
        Understanding by Generative Pre-Training" (2018), section 3.1.
        """
        ### BEGIN SOLUTION
        seen = torch.arange(1, X.shape[1] + 1, device=X.device).expand(X.shape)
        X = self.pos_encoding(self.embedding(X) * math.sqrt(self.embedding.embedding_dim))
        for block in self.blks:
            X = block(X, seen)
        return self.dense(X)
        ### END SOLUTION
