# %% [markdown]
# # GPT
#
# GPT reads a text from left to right and says at every position which token comes next. Its blocks are those of a
# Transformer, with a mask that hides what is to come. To write, it says the next token, appends it, and goes on.
#
# While it writes, almost everything has been computed before: keys and values of the tokens that were read do not change,
# because no position looks ahead. So they are kept, in a *cache*, and every step reads one new token.

# %%
import torch
import torch.nn.functional as F
from torch import nn

# %% [markdown]
# ## GPTBlock
#
# The layer norms stand in front of the two parts (*pre-norm*), so that the residual path stays free from end to end:
#
# $$H = X + W_o\,\mathrm{attention}(\mathrm{ln}_1(X)), \qquad Y = H + \mathrm{fc}_2(\mathrm{GELU}(\mathrm{fc}_1(\mathrm{ln}_2(H)))).$$
#
# With a cache of $p$ positions, the $n$ new ones are the positions $p, \dots, p + n - 1$ of the text. The mask is then no
# longer a square:
#
# | $p = 2$, $n = 3$ | key 0 | key 1 | key 2 | key 3 | key 4 |
# |---|---|---|---|---|---|
# | query at position 2 | sees | sees | sees | – | – |
# | query at position 3 | sees | sees | sees | sees | – |
# | query at position 4 | sees | sees | sees | sees | sees |


# %%
class GPTBlock(nn.Module):
    """A block of GPT: causal self-attention with several heads, then an MLP, each behind a layer norm.

    Args of the constructor:
        num_hiddens: features of a position, d.
        ffn_num_hiddens: hidden features of the MLP.
        num_heads: number of heads h, which divides d. A head has size = d / h features.

    These layers are registered under these names, with torch's own defaults, and there are no other parameters and no
    buffers:

        ln_1, ln_2: `nn.LayerNorm(num_hiddens)`
        W_q, W_k, W_v, W_o: `nn.Linear`, num_hiddens → num_hiddens, each with a bias
        fc_1: `nn.Linear`, num_hiddens → ffn_num_hiddens      fc_2: `nn.Linear`, ffn_num_hiddens → num_hiddens

    There is no dropout.
    """

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, X, cache=None):
        """Reads n new positions, and gives for each of them d features.

        First H = X + W_o(attention(ln_1(X))), then Y = H + fc_2(GELU(fc_1(ln_2(H)))), with the exact GELU (by erf, the
        default of `nn.GELU`).

        The heads are consecutive blocks of features: head i reads the features i * size to (i + 1) * size - 1 of the
        three projections of ln_1(X), and its answer takes the same places in the input of `W_o`. The dot products of a
        query and a key are divided by the square root of the size of a head, and the softmax is taken over the keys. A
        position attends to itself and to all positions before it, those in the cache too, and never to one that comes
        after it.

        Args:
            X: the new positions, shape (batch, n, d), n ≥ 1, with any memory layout.
            cache: None when the text begins with X, or a tuple (keys, values) of the p positions before, as an earlier
                call returned it, each of shape (batch, h, p, size).

        Returns:
            A tuple (Y, cache).
            Y: shape (batch, n, d). A text that is read in parts, each with the cache of the part before, gives what it
            gives in one.
            cache: a tuple (keys, values) of all p + n positions, each of shape (batch, h, p + n, size): what the heads
            attend to, the old positions first.

        Nothing is changed: neither X nor the tensors of the cache that is passed, so that a text can be continued in
        two ways from one cache. Nothing of the text is kept in the module. An empty batch gives an empty answer.
        Gradients flow to X, to the cache and to all parameters. Works on whatever device X is on.

        Example:
            >>> block = GPTBlock(8, 16, 2)
            >>> X = torch.ones(3, 5, 8)
            >>> Y, (keys, values) = block(X)
            >>> Y.shape, keys.shape
            (torch.Size([3, 5, 8]), torch.Size([3, 2, 5, 4]))
            >>> part, cache = block(X[:, :4])
            >>> rest, (keys, values) = block(X[:, 4:], cache)
            >>> torch.allclose(rest, Y[:, 4:], atol=1e-5), values.shape
            (True, torch.Size([3, 2, 5, 4]))

        Source: Radford et al., "Language Models are Unsupervised Multitask Learners" (2019), section 2.3; Vaswani et
        al., "Attention Is All You Need" (2017), section 3.2.
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## GPT
#
# Attention does not know the order of what it attends to. A *learned* vector for every position is added to that of the
# token. With a cache the new tokens do not begin at position 0: they go on behind those that were read.
#
# The same matrix turns tokens into vectors and vectors into scores of tokens: the head is *tied* to the embedding, which
# saves parameters and lets both learn from both uses.


# %%
class GPT(nn.Module):
    """A GPT: embeddings of tokens and positions, blocks, a last layer norm, and a head tied to the token embedding.

    Args of the constructor:
        vocab_size: number of tokens, V.
        num_hiddens, ffn_num_hiddens, num_heads: as for `GPTBlock`.
        num_blks: number of blocks.
        max_len: the longest text; kept as the attribute `max_len`.

    These layers are registered under these names, and there are no other parameters and no buffers:

        token_embedding: `nn.Embedding(vocab_size, num_hiddens)`
        pos_embedding: `nn.Embedding(max_len, num_hiddens)`
        blocks: an `nn.ModuleList` of `GPTBlock`s (so that the first one's are `blocks.0.ln_1.weight`, …)
        ln_f: `nn.LayerNorm(num_hiddens)`

    The head has no parameters of its own: its weight is that of `token_embedding`, and it has no bias. A layer that
    shares this very parameter may stand beside the others under any name.

    The weights of both embeddings start as random normal numbers of mean 0 and standard deviation 0.02, drawn from
    torch's global generator: those of `nn.Embedding`, fifty times as large, would make a tied head far too sure of
    itself.
    """

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, max_len):
        super().__init__()
        raise NotImplementedError("your code here")

    def forward(self, tokens, cache=None):
        """The scores of the token that comes next, after every new token.

        The embedding of every token and that of its position are added, the blocks follow one after another in their
        order, then `ln_f`; the logits are the dot products of its output with the embedding of every token. A text
        begins at position 0, and with a cache of p positions the new tokens are at the positions p to p + n - 1.

        Args:
            tokens: the new tokens, integers from 0 to V - 1, shape (batch, n), n ≥ 1.
            cache: None when the text begins with these tokens, or what an earlier call returned.

        Returns:
            A tuple (logits, cache).
            logits: shape (batch, n, V), not normalised. A text that is read in parts gives what it gives in one.
            cache: a list with the cache of every block, in their order, as `GPTBlock` returns it: a tuple (keys,
            values), each of shape (batch, h, p + n, size).

        Raises:
            ValueError: with a message that says what is wrong, when p + n is larger than `max_len`.

        Neither the tokens nor the cache that is passed are changed, the list itself included. Nothing of the text is
        kept in the module. Gradients flow to all parameters, to `token_embedding` by both of its uses. Works on
        whatever device the tokens and parameters are on.

        Example:
            >>> net = GPT(vocab_size=11, num_hiddens=8, ffn_num_hiddens=16, num_heads=2, num_blks=3, max_len=6)
            >>> logits, cache = net(torch.tensor([[1, 2, 3, 4]]))
            >>> logits.shape, len(cache), cache[0][0].shape
            (torch.Size([1, 4, 11]), 3, torch.Size([1, 2, 4, 4]))
            >>> logits, cache = net(torch.tensor([[5]]), cache)
            >>> logits.shape, cache[0][0].shape
            (torch.Size([1, 1, 11]), torch.Size([1, 2, 5, 4]))

        Source: Radford et al., "Improving Language Understanding by Generative Pre-Training" (2018), section 3.1, and
        "Language Models are Unsupervised Multitask Learners" (2019), section 2.3; for the tied head Press and Wolf,
        "Using the Output Embedding to Improve Language Models" (2017).
        """
        raise NotImplementedError("your code here")


# %% [markdown]
# ## generate
#
# A *temperature* $T$ sharpens ($T < 1$) or flattens ($T > 1$) what the model says:
#
# $$P(\text{token } i) = \frac{\exp(\ell_i / T)}{\sum_j \exp(\ell_j / T)},$$
#
# where the sum runs over the tokens that may be drawn. With *top-k* these are the $k$ most likely ones: a long tail of
# tokens, each of which is unlikely, is together likely enough to spoil a text.


# %%
def generate(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """Continues texts, a token at a time.

    The model is called once for every new token: first with the whole prompt and no cache, then with the newest token
    of every text alone, shape (batch, 1), and the cache that the call before returned. The next token is chosen from
    the logits at the last position of what was fed:

    * at temperature 0 it is the token with the largest logit, and nothing is drawn;
    * otherwise it is drawn from the softmax of logits / `temperature` over the vocabulary, anew for every text of the
      batch and every step, with `torch.multinomial` or another way to draw from `generator`.
    * With `top_k` only the `top_k` largest logits of each text take part; tokens whose logit equals the smallest of
      these take part too. A `top_k` of the vocabulary's size or more, or None, leaves all tokens in.

    A text is finished when `eos` was chosen for it: from there on its tokens are all `eos`, while others go on. An
    `eos` in the prompt finishes nothing. It stops when every text is finished, when there are `max_new_tokens` new
    tokens, or when the texts have `model.max_len` tokens, whichever comes first.

    Args:
        model: an `nn.Module` like `GPT`: `model(tokens, cache)` returns (logits, cache), `model.max_len` is its longest
            text. It may have parts that behave differently in training.
        prompt: the beginnings, integers, int64, shape (batch, n) with 1 ≤ n ≤ `model.max_len`.
        max_new_tokens: how many tokens to add at most, from 0.
        temperature: a number from 0.
        top_k: an integer from 1, or None.
        eos: the token that ends a text, or None where there is none.
        generator: a `torch.Generator` on the device of the prompt, the only source of randomness: the same state gives
            the same texts, and torch's global generator is neither read nor changed. With None that one is used.

    Returns:
        A new int64 tensor on the device of the prompt, shape (batch, n + new tokens): the prompt and what follows it.

    Raises:
        ValueError: with a message that says what is wrong, for a temperature below 0 or a `top_k` below 1.

    While it generates the model is in evaluation mode; afterwards it is in the mode that it was in before. No gradients
    are recorded. The prompt is not changed. The number of torch operations does not grow with the batch.

    Example:
        >>> class Successor(nn.Module):
        ...     max_len = 10
        ...     def forward(self, tokens, cache=None):
        ...         return F.one_hot((tokens + 1) % 5, 5).float(), []
        >>> generate(Successor(), torch.tensor([[0], [3]]), 3, temperature=0)
        tensor([[0, 1, 2, 3],
                [3, 4, 0, 1]])
        >>> generate(Successor(), torch.tensor([[0], [3]]), 3, temperature=0, eos=4)
        tensor([[0, 1, 2, 3],
                [3, 4, 4, 4]])

    Source: Fan et al., "Hierarchical Neural Story Generation" (2018), section 5.2, for top-k; Radford et al. (2019),
    section 2.
    """
    raise NotImplementedError("your code here")
