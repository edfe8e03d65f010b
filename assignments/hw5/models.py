# %% [markdown]
# # Encoder and decoder
#
# A translation is as long as it is, whatever the length of the sentence that is translated. So the work is divided: an
# *encoder* reads the whole source sentence and leaves a state behind, a *decoder* starts from that state and writes one
# token after another. Both are recurrent networks here.
#
# | tensor | shape |
# |---|---|
# | ids of tokens, `X` | (batch, num_steps) |
# | what a GRU reads | (num_steps, batch, features) |
# | outputs of a GRU: its last layer at every step | (num_steps, batch, num_hiddens) |
# | state of a GRU: every layer at the last step | (num_layers, batch, num_hiddens) |

# %%
import torch
from torch import nn

# %% [markdown]
# ## Seq2SeqEncoder
#
# Ids become vectors, and a GRU of several layers reads them from left to right. A minibatch comes with the batch on its
# first axis; an `nn.GRU` wants the steps there, unless it is told otherwise.


# %%
class Seq2SeqEncoder(nn.Module):
    """Reads the source sentences of a minibatch with a recurrent network.

    Args of the constructor:
        vocab_size: number of ids in the source language.
        embed_size: size of the vector that stands for a token.
        num_hiddens: features of each layer of the GRU.
        num_layers: number of layers of the GRU.
        dropout: probability with which, in training mode, an output of a layer is dropped on its way to the next layer.
            Nothing else is dropped: neither embeddings nor what the last layer gives.

    An `nn.Embedding` and an `nn.GRU` are registered under these names, and nothing else is:

        embedding: vocab_size ids → embed_size      rnn: embed_size → num_hiddens, num_layers layers
    """

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, X, *args):
        """Embeds the tokens and runs the GRU over them, from a state of zeros in every call.

        Args:
            X: ids of tokens, shape (batch, num_steps), int64.
            *args: may be valid lengths, shape (batch,). They are accepted and not used: padding is read as any other
                token is.

        Returns:
            `(output, state)`. `output`, shape (num_steps, batch, num_hiddens), is the last layer at every step; the steps
            come first. `state`, shape (num_layers, batch, num_hiddens), is every layer at the last step.

        In evaluation mode nothing is dropped, and with one layer nothing ever is. No argument is changed. Gradients flow
        to all parameters. Works on whatever device the arguments and parameters are on.

        Example:
            >>> encoder = Seq2SeqEncoder(vocab_size=10, embed_size=8, num_hiddens=16, num_layers=2)
            >>> output, state = encoder(torch.zeros(4, 7, dtype=torch.int64))
            >>> output.shape, state.shape
            (torch.Size([7, 4, 16]), torch.Size([2, 4, 16]))

        Source: Zhang et al., "Dive into Deep Learning" (2023), section 10.7; Cho et al., "Learning Phrase
        Representations using RNN Encoder-Decoder for Statistical Machine Translation" (2014).
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## Seq2SeqDecoder
#
# The decoder is a GRU too. It starts with the encoder's state, and at every step it reads the previous token of the
# translation together with the *context* $c$, which is what the encoder's last layer knew at the end:
#
# $$h_t = \mathrm{GRU}\big([\mathrm{embedding}(y_{t-1});\ c],\ h_{t-1}\big), \qquad o_t = W h_t + b.$$
#
# In training all steps are computed in one call, in translation one call makes one step. The context has to be the same
# both times. A decoder that takes it from *its own* state has the encoder's context in the first step of a call only:
# trained on one thing, it is then asked another.


# %%
class Seq2SeqDecoder(nn.Module):
    """Writes the target sentences of a minibatch: for every step the scores of all tokens.

    Args of the constructor:
        vocab_size: number of ids in the target language.
        embed_size: size of the vector that stands for a token.
        num_hiddens: features of each layer of the GRU, as many as in the encoder.
        num_layers: number of layers of the GRU, as many as in the encoder.
        dropout: probability with which, in training mode, an output of a layer is dropped on its way to the next layer.
            Nothing else is dropped.

    Three layers, an `nn.Embedding`, an `nn.GRU` and an `nn.Linear` with a bias, are registered under these names, and
    nothing else is:

        embedding: vocab_size ids → embed_size
        rnn: embed_size + num_hiddens → num_hiddens, num_layers layers
        dense: num_hiddens → vocab_size
    """

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        raise NotImplementedError("your code here")

    def init_state(self, enc_outputs, *args):
        """The state with which decoding begins.

        Args:
            enc_outputs: `(output, state)` as the encoder returns it.
            *args: may be the valid lengths of the source. They are accepted and not used.

        Returns:
            `(context, hidden_state)`: the encoder's last layer at its last step, shape (batch, num_hiddens), and the
            encoder's state, shape (num_layers, batch, num_hiddens).
        """
        raise NotImplementedError("your code here")

    def forward(self, X, state):
        """Goes on from a state by as many steps as X has tokens.

        What the GRU reads at a step is the embedding of the token, followed by the context, which is the same at every
        step. The GRU starts from `hidden_state`. `dense` makes the scores of what its last layer gives; there is no
        softmax.

        Args:
            X: ids of tokens, shape (batch, num_steps), int64.
            state: `(context, hidden_state)`, as `init_state` or an earlier call returned it.

        Returns:
            `(output, state)`. `output` are the scores, shape (batch, num_steps, vocab_size): the batch comes first.
            `state` is the new state: the same context, and every layer of the GRU at the last step. One call with all
            tokens and one call for each token, which is given the state of the call before, give the same scores.

        In evaluation mode nothing is dropped, and with one layer nothing ever is. No argument is changed. Gradients flow
        to the encoder's state and to all parameters. Works on whatever device the arguments and parameters are on.

        Example:
            >>> encoder = Seq2SeqEncoder(vocab_size=10, embed_size=8, num_hiddens=16, num_layers=2)
            >>> decoder = Seq2SeqDecoder(vocab_size=12, embed_size=8, num_hiddens=16, num_layers=2)
            >>> state = decoder.init_state(encoder(torch.zeros(4, 7, dtype=torch.int64)))
            >>> output, (context, hidden_state) = decoder(torch.zeros(4, 5, dtype=torch.int64), state)
            >>> output.shape, context.shape, hidden_state.shape
            (torch.Size([4, 5, 12]), torch.Size([4, 16]), torch.Size([2, 4, 16]))

        Source: Zhang et al., "Dive into Deep Learning" (2023), section 10.7; Cho et al., "Learning Phrase
        Representations using RNN Encoder-Decoder for Statistical Machine Translation" (2014).
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## EncoderDecoder
#
# Three calls, and the whole network stands. It knows nothing of what encoder and decoder are made of, and works for every
# pair that follows the same convention.


# %%
class EncoderDecoder(nn.Module):
    """An encoder and a decoder as one network.

    Args of the constructor:
        encoder: a module: `encoder(enc_X, *args)` gives the encoder's outputs, whatever they are.
        decoder: a module: `decoder.init_state(enc_outputs, *args)` gives a state, whatever that is, and
            `decoder(dec_X, state)` gives scores and the new state.

    Both are registered, as `encoder` and `decoder`, so that their parameters are those of the network. They are the
    modules that were given, not copies.
    """

    def __init__(self, encoder, decoder):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, enc_X, dec_X, *args):
        """Encodes `enc_X`, makes the decoder's first state of it, and decodes `dec_X` from there.

        Args:
            enc_X: what the encoder reads.
            dec_X: what the decoder reads.
            *args: any number of further arguments, such as valid lengths. They are given to the encoder and to
                `init_state`, to both.

        Returns:
            What the decoder returns, as it is: scores and state.

        Encoder, `init_state` and decoder are called once each. Nothing is kept from call to call. Gradients flow through
        all of it.

        Example:
            >>> encoder = Seq2SeqEncoder(vocab_size=10, embed_size=8, num_hiddens=16, num_layers=2)
            >>> decoder = Seq2SeqDecoder(vocab_size=12, embed_size=8, num_hiddens=16, num_layers=2)
            >>> net = EncoderDecoder(encoder, decoder)
            >>> output, state = net(torch.zeros(4, 7, dtype=torch.int64), torch.zeros(4, 5, dtype=torch.int64))
            >>> output.shape
            torch.Size([4, 5, 12])

        Source: Zhang et al., "Dive into Deep Learning" (2023), section 10.6, The Encoder-Decoder Architecture.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## AttnDecoderRNN
#
# One vector has to hold the whole sentence, however long it is. Attention takes that burden away: before every step the
# decoder looks at *all* outputs $e_1, \dots, e_S$ of the encoder and takes of them what it needs now. Its state says what
# that is:
#
# $$a_s = w_v^\top \tanh(W_q\, h_{t-1} + W_k\, e_s), \qquad
# \alpha = \mathrm{softmax}(a_1, \dots, a_\ell), \qquad c_t = \sum_{s \le \ell} \alpha_s\, e_s.$$
#
# $h_{t-1}$ is the decoder's last layer *before* the step, $\ell$ the valid length of the source. The weights $\alpha$ can be
# looked at: they say which words of the source a word of the translation came from.


# %%
class AttnDecoderRNN(nn.Module):
    """A decoder whose context is new at every step: additive attention over what the encoder gave.

    Args of the constructor:
        vocab_size, embed_size, num_hiddens, num_layers, dropout: as those of `Seq2SeqDecoder`. Attention weights are not
            dropped.

    These layers are registered under these names, and nothing else is. Those of the attention have no bias.

        W_q, W_k: num_hiddens → num_hiddens      w_v: num_hiddens → 1
        embedding: vocab_size ids → embed_size
        rnn: num_hiddens + embed_size → num_hiddens, num_layers layers
        dense: num_hiddens → vocab_size, with a bias
    """

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        raise NotImplementedError("your code here")

    def init_state(self, enc_outputs, enc_valid_lens=None):
        """The state with which decoding begins.

        Args:
            enc_outputs: `(output, state)` as the encoder returns it: shapes (steps of the source, batch, num_hiddens) and
                (num_layers, batch, num_hiddens).
            enc_valid_lens: valid lengths of the source, shape (batch,), integers from 1 to the steps of the source;
                None where all its steps are valid.

        Returns:
            `(enc_outputs, hidden_state, enc_valid_lens)`: the encoder's outputs with the batch first, shape (batch, steps
            of the source, num_hiddens), the encoder's state and the valid lengths as they were given.
        """
        raise NotImplementedError("your code here")

    def forward(self, X, state):
        """Goes on from a state by as many steps as X has tokens.

        Before every step the encoder's outputs are scored with `w_v(tanh(W_q(query) + W_k(output)))`; the query is the
        last layer of the hidden state as it is before the step, and scores are not scaled. The weights are the softmax of
        the scores over the valid steps of the source; a step at or beyond the valid length gets weight 0. The context is
        the sum of the encoder's outputs, each times its weight. What the GRU reads is the context, followed by the
        embedding of the token. `dense` makes the scores of the tokens of what its last layer gives; there is no softmax.

        Args:
            X: ids of tokens, shape (batch, num_steps), int64.
            state: `(enc_outputs, hidden_state, enc_valid_lens)`, as `init_state` or an earlier call returned it.

        Returns:
            `(output, state)`. `output` are the scores, shape (batch, num_steps, vocab_size). `state` is the new state: the
            same outputs of the encoder, every layer of the GRU at the last step, the same valid lengths. One call with
            all tokens and one call for each token, which is given the state of the call before, give the same scores.

        The attribute `attention_weights` holds the weights of the last call, one tensor of shape (batch, num_steps, steps
        of the source); whether it is detached from the graph is up to you. In evaluation mode nothing is dropped, and with
        one layer nothing ever is. In a float64 model everything is computed in float64. No argument is changed. Gradients
        flow to the encoder's outputs and state and to all parameters. Works on whatever device the arguments and
        parameters are on.

        Example:
            >>> encoder = Seq2SeqEncoder(vocab_size=10, embed_size=8, num_hiddens=16, num_layers=2)
            >>> decoder = AttnDecoderRNN(vocab_size=12, embed_size=8, num_hiddens=16, num_layers=2)
            >>> valid_lens = torch.tensor([7, 3, 1, 5])
            >>> state = decoder.init_state(encoder(torch.zeros(4, 7, dtype=torch.int64)), valid_lens)
            >>> output, state = decoder(torch.zeros(4, 5, dtype=torch.int64), state)
            >>> output.shape, decoder.attention_weights.shape
            (torch.Size([4, 5, 12]), torch.Size([4, 5, 7]))

        Source: Bahdanau, Cho and Bengio, "Neural Machine Translation by Jointly Learning to Align and Translate" (2015);
        Zhang et al., "Dive into Deep Learning" (2023), section 11.4.
        """
        raise NotImplementedError("your code here")
