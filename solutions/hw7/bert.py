# %% [markdown]
# # BERT
#
# BERT (Devlin et al., 2019) is the encoder of a Transformer: every token sees every other one, before it and behind it.
# It is trained first on plain text, by two tasks at once (`bert_data.py` makes the examples), and later, with a new
# output layer, on a task that has few labels.

# %%
import torch
from torch import nn

# %% [markdown]
# ## BERTEncoder
#
# What enters the blocks is a sum of three embeddings: which token it is, which of the two texts it belongs to, and
# where it stands. The positions are *learned*, a row of parameters for each place; that works only if the gradient
# reaches them.
#
# $$X_{b,t} = E_{\mathrm{token}}[\mathrm{tokens}_{b,t}] + E_{\mathrm{segment}}[\mathrm{segments}_{b,t}] + P_t$$
#
# The blocks are torch's own `nn.TransformerEncoderLayer`; what is inside them is homework 6. All sizes that a block
# could have of its own (queries, keys, values, the input of its feed-forward layer) are `num_hiddens` here.


# %%
class BERTEncoder(nn.Module):
    """Token, segment and learned position embeddings, and Transformer blocks on top of them.

    Args of the constructor:
        vocab_size: number of tokens in the vocabulary.
        num_hiddens: features of a token, divisible by `num_heads`.
        ffn_num_hiddens: hidden features of the feed-forward layer in a block.
        num_heads: heads of the attention in a block.
        num_layers: number of blocks; 0 is allowed.
        dropout: probability of dropout in the blocks.
        max_len: length of the longest input.

    Registered are, under these names and nothing else:

        token_embedding     an `nn.Embedding` of vocab_size rows (its parameter is `token_embedding.weight`)
        segment_embedding   an `nn.Embedding` of 2 rows
        pos_embedding       an `nn.Parameter` of shape (1, max_len, num_hiddens)
        blks                the blocks in their order, `blks.0`, `blks.1`, …, as an `nn.ModuleList` or `nn.Sequential`
                            has them

    Each block is an `nn.TransformerEncoderLayer` of its own with `num_heads` heads, `ffn_num_hiddens`, dropout
    `dropout`, activation "gelu", the batch first, and everything else as torch has it: the layer norm comes after each
    residual sum. How the parameters start is up to you.
    """

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len=1000):
        super().__init__()
        ### BEGIN SOLUTION
        self.token_embedding = nn.Embedding(vocab_size, num_hiddens)
        self.segment_embedding = nn.Embedding(2, num_hiddens)
        self.pos_embedding = nn.Parameter(torch.randn(1, max_len, num_hiddens))
        self.blks = nn.ModuleList(
            nn.TransformerEncoderLayer(num_hiddens, num_heads, ffn_num_hiddens, dropout, "gelu", batch_first=True)
            for _ in range(num_layers)
        )
        ### END SOLUTION

    def forward(self, tokens, segments, valid_lens=None):
        """Adds up the three embeddings and sends the sum through the blocks, one after the other.

        The token at step t gets row t of `pos_embedding`, counted from 0, in every sequence. The sum is neither scaled
        nor normalised, and nothing of it is dropped. In every block a token attends to the tokens of its own sequence
        that stand before the valid length, and to no others: what is at or beyond it is padding. Padding itself
        attends to the same tokens, and gets an answer like any other.

        Args:
            tokens: ids, shape (batch, steps), int64.
            segments: 0 or 1 for each token, shape (batch, steps), int64.
            valid_lens: how many tokens of each sequence are valid, shape (batch,), at least 1, of an integer or
                floating-point dtype (`pad_bert_inputs` makes float32); None when all are.

        Returns:
            A tensor of shape (batch, steps, num_hiddens), with the dtype of the parameters.

        Raises:
            ValueError: when an input has more than max_len steps, with a message that names both numbers.

        In training mode dropout falls where the blocks have it, and in evaluation mode nothing is dropped. Gradients
        flow to all parameters. No argument is changed. Works on whatever device the arguments and the parameters are
        on, and nothing is copied to the host. The number of torch operations grows neither with the batch nor with the
        steps.

        Example:
            >>> encoder = BERTEncoder(20, 8, 16, num_heads=2, num_layers=1, dropout=0.1, max_len=6)
            >>> tokens, segments = torch.tensor([[3, 9, 7, 4, 1]]), torch.tensor([[0, 0, 0, 0, 0]])
            >>> encoder(tokens, segments, torch.tensor([4])).shape
            torch.Size([1, 5, 8])

        Source: Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers" (2019), section 3 and appendix
        A.2; Zhang et al., "Dive into Deep Learning" (2023), section 15.8.4.
        """
        ### BEGIN SOLUTION
        steps, max_len = tokens.shape[1], self.pos_embedding.shape[1]
        if steps > max_len:
            raise ValueError(f"an input has {steps} steps, at most {max_len} fit")
        X = self.token_embedding(tokens) + self.segment_embedding(segments) + self.pos_embedding[:, :steps]
        padding = None
        if valid_lens is not None:
            padding = torch.arange(steps, device=tokens.device) >= valid_lens[:, None]
        for block in self.blks:
            X = block(X, src_key_padding_mask=padding)
        return X
        ### END SOLUTION


# %% [markdown]
# ## MaskLM
#
# Scores over a whole vocabulary are the most expensive part of the model. They are needed for the predicted positions
# only, so these are picked first: `pred_positions[b, m]` is a place in sequence b, and it may come twice (padding is
# position 0).


# %%
class MaskLM(nn.Module):
    """Scores of all tokens of the vocabulary at the positions that have to be predicted.

    Args of the constructor:
        vocab_size: number of tokens in the vocabulary.
        num_hiddens: hidden features.
        num_inputs: features of a token as the encoder gives them.

    Registered is one `nn.Sequential` under the name `mlp`, of four modules and in this order: a linear layer
    num_inputs → num_hiddens (so that its parameters are `mlp.0.weight` and `mlp.0.bias`), ReLU, a layer norm over the
    num_hiddens features (`mlp.2`), a linear layer num_hiddens → vocab_size (`mlp.3`).
    """

    def __init__(self, vocab_size, num_hiddens, num_inputs=768):
        super().__init__()
        ### BEGIN SOLUTION
        self.mlp = nn.Sequential(
            nn.Linear(num_inputs, num_hiddens),
            nn.ReLU(),
            nn.LayerNorm(num_hiddens),
            nn.Linear(num_hiddens, vocab_size),
        )
        ### END SOLUTION

    def forward(self, X, pred_positions):
        """Picks the features at the predicted positions of each sequence and sends them through `mlp`.

        Args:
            X: what the encoder gives, shape (batch, steps, num_inputs).
            pred_positions: shape (batch, M), int64, from 0 to steps - 1, in any order; a position may come several
                times, and M may be 0 or larger than steps.

        Returns:
            A tensor of shape (batch, M, vocab_size): at [b, m] the scores for position `pred_positions[b, m]` of
            sequence b. They are scores, not probabilities: no softmax is taken. An empty batch gives an empty answer.

        Only the picked features go through `mlp`: the arithmetic does not grow with the steps. Gradients flow to `X`
        and to all parameters; a position that is picked twice gets both gradients. No argument is changed. The
        arguments may have any memory layout. Works on whatever device the arguments and the parameters are on, where
        the work is done too: nothing is copied to the host. The number of torch operations grows neither with the batch
        nor with M.

        Example:
            >>> mlm = MaskLM(20, 8, 4)
            >>> mlm(torch.ones(2, 6, 4), torch.tensor([[1, 5, 2], [4, 0, 0]])).shape
            torch.Size([2, 3, 20])

        Source: Devlin et al. (2019), section 3.1, task 1; "Dive into Deep Learning", section 15.8.5.
        """
        ### BEGIN SOLUTION
        rows = torch.arange(len(X), device=X.device)[:, None]
        return self.mlp(X[rows, pred_positions])
        ### END SOLUTION


# %% [markdown]
# ## NextSentencePred
#
# One vector stands for the pair of sentences. Two scores are asked for: index 0 says "not the next one", index 1 "the
# next one", as in the labels of `pad_bert_inputs`.


# %%
class NextSentencePred(nn.Module):
    """Two scores for each pair of sentences.

    Args of the constructor:
        num_inputs: features of a pair.

    Registered is one linear layer with a bias, num_inputs → 2, under the name `output`, and nothing else.
    """

    def __init__(self, num_inputs):
        super().__init__()
        ### BEGIN SOLUTION
        self.output = nn.Linear(num_inputs, 2)
        ### END SOLUTION

    def forward(self, X):
        """Sends the features of each pair through `output`, and nothing else: no activation, no softmax.

        Args:
            X: shape (batch, num_inputs).

        Returns:
            The scores, shape (batch, 2). An empty batch gives an empty answer.

        Gradients flow to `X` and to the parameters. No argument is changed. Works on whatever device the argument and
        the parameters are on.

        Example:
            >>> NextSentencePred(4)(torch.ones(3, 4)).shape
            torch.Size([3, 2])

        Source: Devlin et al. (2019), section 3.1, task 2; "Dive into Deep Learning", section 15.8.5.
        """
        ### BEGIN SOLUTION
        return self.output(X)
        ### END SOLUTION


# %% [markdown]
# ## BERTModel
#
# The parts together. The sequence as a whole is represented by its first token, `<cls>`: it has no meaning of its own,
# so the encoder is free to gather there what the other tokens say.


# %%
class BERTModel(nn.Module):
    """BERT for pre-training: your `BERTEncoder`, `MaskLM` and `NextSentencePred` in one.

    Args of the constructor: as for `BERTEncoder`.

    Registered are, under these names and nothing else:

        encoder   BERTEncoder with all the arguments
        hidden    an `nn.Sequential` of a linear layer num_hiddens → num_hiddens (`hidden.0`) and a tanh
        mlm       MaskLM with num_hiddens hidden features and num_hiddens inputs
        nsp       NextSentencePred with num_hiddens inputs
    """

    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len=1000):
        super().__init__()
        ### BEGIN SOLUTION
        self.encoder = BERTEncoder(vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout, max_len)
        self.hidden = nn.Sequential(nn.Linear(num_hiddens, num_hiddens), nn.Tanh())
        self.mlm = MaskLM(vocab_size, num_hiddens, num_hiddens)
        self.nsp = NextSentencePred(num_hiddens)
        ### END SOLUTION

    def forward(self, tokens, segments, valid_lens=None, pred_positions=None):
        """Encodes the sequences, and scores the masked tokens and the pair.

        Args:
            tokens, segments, valid_lens: as for `BERTEncoder`.
            pred_positions: as for `MaskLM`; None when no token is to be predicted.

        Returns:
            A tuple of three:
            encoded_X: what `encoder` gives, shape (batch, steps, num_hiddens),
            mlm_Y_hat: the scores of `mlm` at the predicted positions, shape (batch, M, vocab_size), or None without
            pred_positions,
            nsp_Y_hat: the scores that `nsp` makes of the first token of each sequence, after `hidden`, shape (batch, 2).

        Gradients flow to all parameters. No argument is changed. Works on whatever device the arguments and the
        parameters are on.

        Example:
            >>> bert = BERTModel(20, 8, 16, num_heads=2, num_layers=1, dropout=0.1, max_len=6)
            >>> tokens, segments = torch.tensor([[3, 9, 7, 4, 1]]), torch.tensor([[0, 0, 0, 0, 0]])
            >>> encoded_X, mlm_Y_hat, nsp_Y_hat = bert(tokens, segments, torch.tensor([4]), torch.tensor([[2, 0]]))
            >>> encoded_X.shape, mlm_Y_hat.shape, nsp_Y_hat.shape
            (torch.Size([1, 5, 8]), torch.Size([1, 2, 20]), torch.Size([1, 2]))

        Source: Devlin et al. (2019), section 3 and figure 1; "Dive into Deep Learning", section 15.8.6.
        """
        ### BEGIN SOLUTION
        encoded_X = self.encoder(tokens, segments, valid_lens)
        mlm_Y_hat = None if pred_positions is None else self.mlm(encoded_X, pred_positions)
        nsp_Y_hat = self.nsp(self.hidden(encoded_X[:, 0]))
        return encoded_X, mlm_Y_hat, nsp_Y_hat
        ### END SOLUTION


# %% [markdown]
# ## truncate_pair
#
# A pair of texts enters BERT as `<cls>` first `<sep>` second `<sep>`: three places of the limit are taken. What is left is
# shared. Cutting both texts in half would throw away a short question because the answer is long; so the longer one loses a
# token at a time until both fit.


# %%
def truncate_pair(p_tokens, h_tokens, max_len):
    """Shorten two lists of tokens so that they fit, with three special tokens, into `max_len` places.

    While the two have more than `max_len - 3` tokens together, the longer one loses its last token; when they are equally
    long, the second one does. Texts that fit stay whole.

    Args:
        p_tokens: list of str, the first text (in entailment the premise).
        h_tokens: list of str, the second text (the hypothesis).
        max_len: int, the places that there are. Below 4 nothing is left of either text.

    Returns:
        `(p, h)`: two new lists, the beginnings of the two texts. The arguments are not changed.

    Example:
        >>> truncate_pair(["a", "man", "is", "here"], ["he", "left"], 7)
        (['a', 'man'], ['he', 'left'])
        >>> truncate_pair(["yes", "no"], ["no", "yes"], 6)
        (['yes', 'no'], ['no'])

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 16.5; Devlin et al., "BERT" (2019), appendix A.2.
    """
    ### BEGIN SOLUTION
    p, h = len(p_tokens), len(h_tokens)
    while p + h > max(0, max_len - 3):
        if p > h:
            p -= 1
        else:
            h -= 1
    return p_tokens[:p], h_tokens[:h]
    ### END SOLUTION


# %% [markdown]
# ## encode_text
#
# A trained BERT is asked about one text (is the review friendly?) or about two (does the second follow from the
# first?). Either way the input has the form that it was trained on, and one length.


# %%
def encode_text(tokens_a, tokens_b, vocab, max_len):
    """One BERT input of one or two texts, padded: what the encoder is called with.

    The input is "<cls>", the first text, "<sep>", and with a second text that one and another "<sep>". Two texts
    that are too long together are shortened by your `truncate_pair`; one text alone loses its last tokens, so that
    with its two special tokens it fits into `max_len`. Special tokens are never cut off.

    Args:
        tokens_a: list of str, the first text.
        tokens_b: list of str, the second text, or None when there is none. An empty list is a second text too.
        vocab: gives the id of a token as `vocab[token]`, also of "<cls>", "<sep>" and "<pad>", which may be any
            numbers; and a list of ids for a list of tokens.
        max_len: the length of the input, at least 3.

    Returns:
        A tuple of three tensors, all int64:
        token_ids, shape (max_len,), filled up with the id of "<pad>",
        segments, shape (max_len,): 0 up to and including the first "<sep>", 1 for the second text and its "<sep>",
        filled up with 0,
        valid_len, shape (): the number of tokens before padding.

    No argument is changed.

    Example:
        >>> vocab = {"<pad>": 0, "<cls>": 1, "<sep>": 2, "it": 3, "rains": 4}
        >>> encode_text(["it", "rains"], ["it"], vocab, 7)
        (tensor([1, 3, 4, 2, 3, 2, 0]), tensor([0, 0, 0, 0, 1, 1, 0]), tensor(6))

    Source: Devlin et al. (2019), section 3.2 and figure 4; "Dive into Deep Learning", section 16.7.2.
    """
    ### BEGIN SOLUTION
    if tokens_b is None:
        tokens = ["<cls>", *tokens_a[: max_len - 2], "<sep>"]
        segments = [0] * len(tokens)
    else:
        first, second = truncate_pair(tokens_a, tokens_b, max_len)
        tokens = ["<cls>", *first, "<sep>", *second, "<sep>"]
        segments = [0] * (len(first) + 2) + [1] * (len(second) + 1)
    missing = max_len - len(tokens)
    token_ids = [vocab[token] for token in tokens] + [vocab["<pad>"]] * missing
    return torch.tensor(token_ids), torch.tensor(segments + [0] * missing), torch.tensor(len(tokens))
    ### END SOLUTION


# %% [markdown]
# ## BERTClassifier
#
# Fine-tuning: everything but the last layer is there already. With two classes it judges reviews, with three it says of
# a premise and a hypothesis whether one follows from the other, contradicts it, or neither.


# %%
class BERTClassifier(nn.Module):
    """A pre-trained BERT with a new output layer, which classifies texts or pairs of texts.

    Args of the constructor:
        bert: a trained `BERTModel`, or another module that has `encoder`, called as `BERTEncoder` is, and `hidden`, an
            `nn.Sequential` whose first module is a linear layer and whose last one is a tanh.
        num_classes: number of classes.

    Registered are, under these names and nothing else:

        encoder   bert's own encoder
        hidden    bert's own hidden layer
        output    a new linear layer with a bias, from the outputs of the linear layer in `hidden`, however many these
                  are, to num_classes

    Encoder and hidden layer are taken over, not copied: training the classifier goes on training them. Nothing is
    frozen. The heads of pre-training have no part in it.
    """

    def __init__(self, bert, num_classes):
        super().__init__()
        ### BEGIN SOLUTION
        self.encoder = bert.encoder
        self.hidden = bert.hidden
        self.output = nn.Linear(self.hidden[0].out_features, num_classes)
        ### END SOLUTION

    def forward(self, inputs):
        """Encodes the sequences and sends the first token of each, `<cls>`, through `hidden` and `output`.

        Args:
            inputs: a tuple (tokens, segments, valid_lens), as for `BERTEncoder`; valid_lens may be None.

        Returns:
            The scores of the classes, shape (batch, num_classes): no softmax is taken. The classifier adds no dropout
            to what the encoder has: apart from that, the answer is the same in training and in evaluation mode.

        Gradients flow to all parameters. No argument is changed. Works on whatever device the arguments and the
        parameters are on.

        Example:
            >>> bert = BERTModel(20, 8, 16, num_heads=2, num_layers=1, dropout=0.1, max_len=6)
            >>> tokens, segments = torch.tensor([[3, 9, 7, 4, 1]]), torch.tensor([[0, 0, 0, 0, 0]])
            >>> BERTClassifier(bert, 3)((tokens, segments, torch.tensor([4]))).shape
            torch.Size([1, 3])

        Source: Devlin et al. (2019), section 4.1 and figure 4; "Dive into Deep Learning", section 16.7.3.
        """
        ### BEGIN SOLUTION
        encoded_X = self.encoder(*inputs)
        return self.output(self.hidden(encoded_X[:, 0]))
        ### END SOLUTION
