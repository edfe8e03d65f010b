# %% [markdown]
# # Training and translating
#
# In training the right translation is known, and the decoder reads it, one token behind: from `<bos>` it has to guess the
# first token, from the *right* first token the second, whatever it guessed before. This is called *teacher forcing*:
#
# | | | | | |
# |---|---|---|---|---|
# | the decoder reads | `<bos>` | il | est | calme |
# | it has to predict | il | est | calme | `<eos>` |
#
# Later there is no teacher, and the decoder reads its own words.

# %%
import torch
import torch.nn.functional as F
from torch import nn

# %% [markdown]
# ## train_seq2seq
#
# With $n$ valid tokens in the targets of a minibatch, its loss is
# $-\frac{1}{n} \sum_{i} \sum_{t < \ell_i} \log \operatorname{softmax}(o_{i,t})_{y_{i,t}}$, a mean over *tokens*. How much a
# token counts must not depend on how much padding happens to stand beside it.


# %%
def train_seq2seq(net, data_iter, lr, num_epochs, tgt_vocab, device):
    """Train a translation network with teacher forcing.

    Every epoch goes once through `data_iter`. For each minibatch the net is called once, and one step is taken:

    1. The decoder reads the target shifted by one step: the id of `"<bos>"` in the first column, then the columns of Y but
       the last. What it has to predict is Y.
    2. The loss is the mean of the cross entropies of the valid tokens of Y. Padding has no part in it, and a token
       counts the same in a long sentence and in a short one.
    3. The gradient is that of this batch alone. Gradients that the parameters have when the function is called are
       forgotten.
    4. The gradient is clipped: where the norm of all gradients together is larger than 1, all are multiplied by the same
       factor, so that the norm becomes 1; otherwise they stay as they are.
    5. One optimizer, `torch.optim.Adam` with the learning rate `lr` and its other settings as they are, takes all steps.

    Args:
        net: module. `net(X, dec_input, X_valid_len)` gives `(scores, state)`, the scores of shape (batch, num_steps,
            vocab_size). Its weights are the start: they are not initialised anew. Some of its parameters may be frozen,
            and some may have no part in the scores.
        data_iter: an iterable of minibatches `(X, X_valid_len, Y, Y_valid_len)`: int64 tensors of shapes (batch,
            num_steps), (batch,), (batch, num_steps) and (batch,). The batches may differ in size. Each has at least one
            valid token in Y.
        lr: learning rate, a float.
        num_epochs: an int of at least 0.
        tgt_vocab: `tgt_vocab["<bos>"]` is the id of the token before the first, any int.
        device: where the net and the batches are moved to, wherever they are.

    Returns:
        A list of `num_epochs` floats (Python floats, not tensors): for each epoch the mean cross entropy of its valid
        tokens, as it was before each step. A batch with more valid tokens weighs more.

    The net is in training mode for all batches, and is left there. No graph of an earlier batch is kept alive.

    Example:
        >>> class Echo(nn.Module):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.scores = nn.Embedding(4, 4)
        ...     def forward(self, X, dec_input, X_valid_len):
        ...         return self.scores(dec_input), None
        >>> batch = torch.tensor([[3, 2]]), torch.tensor([2]), torch.tensor([[3, 2]]), torch.tensor([2])
        >>> history = train_seq2seq(Echo(), [batch], 0.5, 20, {"<bos>": 1}, "cpu")
        >>> len(history), history[-1] < 0.01
        (20, True)

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 10.7; Williams and Zipser, "A Learning Algorithm for
    Continually Running Fully Recurrent Neural Networks" (1989).
    """
    ### BEGIN SOLUTION
    net.to(device).train()
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    history = []
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for batch in data_iter:
            X, X_valid_len, Y, Y_valid_len = (tensor.to(device) for tensor in batch)
            bos = torch.full_like(Y[:, :1], tgt_vocab["<bos>"])
            scores, _ = net(X, torch.cat((bos, Y[:, :-1]), dim=1), X_valid_len)
            valid = torch.arange(Y.shape[1], device=device) < Y_valid_len[:, None]
            loss = F.cross_entropy(scores[valid], Y[valid])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            tokens = int(valid.sum())
            total += loss.item() * tokens
            count += tokens
        history.append(total / count)
    return history
    ### END SOLUTION


# %% [markdown]
# ## predict_seq2seq
#
# *Greedy* decoding takes the most probable token at every step and reads it in the next one. It ends with `<eos>`, or when
# the patience of `num_steps` steps is over.


# %%
def predict_seq2seq(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, save_attention_weights=False):
    """Translate one sentence, token by token.

    The sentence is changed to lower case and split at white space. The ids of its tokens, with that of `"<eos>"` behind
    them, are cut to `num_steps` ids, or followed by `"<pad>"` up to there. The valid length is the number of these ids
    that are no padding: at most `num_steps`.

    `net.encoder(enc_X, valid_len)` and `net.decoder.init_state(enc_outputs, valid_len)` are called once. Then
    `net.decoder(dec_X, state)` is called with a single token each time, of shape (1, 1): first `"<bos>"`, then always the
    token with the largest score of the call before, with the state that that call returned. It ends when this token is
    `"<eos>"`, or after `num_steps` calls.

    Args:
        net: an encoder-decoder network that is on `device`. The decoder answers with scores of shape (1, 1, vocab_size)
            and the new state, whatever that is.
        src_sentence: str, at least one token.
        src_vocab: maps a list of tokens to a list of ids, and one token to its id, of `"<eos>"` and `"<pad>"` too.
        tgt_vocab: does the same for the target, with `"<bos>"` and `"<eos>"`; `tgt_vocab.to_tokens(ids)` makes a list of
            tokens of a list of ids.
        num_steps: length of what the encoder reads, and the largest number of tokens that are predicted, at least 1.
        device: where `enc_X` of shape (1, num_steps), `valid_len` of shape (1,) and `dec_X` are made, all int64.
        save_attention_weights: whether `net.decoder.attention_weights` is asked for.

    Returns:
        `(translation, attention_weights)`: a str, the predicted tokens with a space between two, without `"<eos>"`; and a
        list that holds `net.decoder.attention_weights` as it was after each call of the decoder, that which gave `"<eos>"`
        included. The list is empty unless they are asked for; a decoder may have none.

    The net is in evaluation mode meanwhile, and afterwards in the mode in which it came. No gradients are recorded.

    Example:
        >>> words = ["<pad>", "<bos>", "<eos>", "hello", "you"]
        >>> class Words:
        ...     def __getitem__(self, what):
        ...         return [self[token] for token in what] if isinstance(what, list) else words.index(what)
        ...
        ...     def to_tokens(self, ids):
        ...         return [words[i] for i in ids]
        >>> class Again(torch.nn.Module):  # says again what it reads; its state is what is still to be said
        ...     decoder = property(lambda self: self)
        ...
        ...     def encoder(self, X, valid_len):
        ...         return X
        ...
        ...     def init_state(self, X, valid_len):
        ...         return X
        ...
        ...     def forward(self, X, state):
        ...         return torch.nn.functional.one_hot(state[:, :1], 5).float(), state[:, 1:]
        >>> predict_seq2seq(Again(), "Hello you", Words(), Words(), 4, "cpu")
        ('hello you', [])

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 10.7.
    """
    ### BEGIN SOLUTION
    ids = src_vocab[src_sentence.lower().split()] + [src_vocab["<eos>"]]
    length = min(len(ids), num_steps)
    ids = ids[:num_steps] + [src_vocab["<pad>"]] * (num_steps - length)
    valid_len = torch.tensor([length], device=device)
    was_training = net.training
    net.eval()
    predicted, weights = [], []
    with torch.no_grad():
        enc_outputs = net.encoder(torch.tensor([ids], device=device), valid_len)
        state = net.decoder.init_state(enc_outputs, valid_len)
        dec_X = torch.tensor([[tgt_vocab["<bos>"]]], device=device)
        for _ in range(num_steps):
            scores, state = net.decoder(dec_X, state)
            dec_X = scores.argmax(dim=2)
            if save_attention_weights:
                weights.append(net.decoder.attention_weights)
            if dec_X.item() == tgt_vocab["<eos>"]:
                break
            predicted.append(dec_X.item())
    net.train(was_training)
    return " ".join(tgt_vocab.to_tokens(predicted)), weights
    ### END SOLUTION


# %% [markdown]
# ## beam_search
#
# The most probable first word need not begin the most probable sentence. Beam search keeps several beginnings,
# *hypotheses*, in mind. In the end the finished ones are compared, and as every further token makes a sentence less
# probable, the length must be made up for:
#
# $$\mathrm{score}(y_1, \dots, y_L) = \frac{1}{L^\alpha} \sum_{t=1}^{L} \log P(y_t \mid y_1, \dots, y_{t-1}, x).$$


# %%
def beam_search(net, src_sentence, src_vocab, tgt_vocab, num_steps, device, beam_size=2, alpha=0.75):
    """Translate one sentence, with several hypotheses at a time.

    A hypothesis is a sequence of predicted tokens. Its log-probability is the sum over its tokens of the logarithm of the
    softmax of the scores, at the place of the token. At first there is one hypothesis, without tokens. A step goes so:

    1. Every hypothesis is extended by every token of the vocabulary. For its scores the decoder is called once, with
       the last token of the hypothesis (`"<bos>"` where it has none), of shape (1, 1), and the state that belongs to
       this hypothesis.
    2. Of all extensions together, the `beam_size` with the largest log-probability stay, or all where there are fewer.
       Their length plays no part yet.
    3. Those of them that end in `"<eos>"` are finished: they are put aside and not extended any more. Nothing takes
       their place, so that fewer than `beam_size` may go on.

    The search ends when no hypothesis goes on, or after `num_steps` steps. The answer is the one with the largest score
    among the finished ones and those that are left unfinished after the last step. The score is the log-probability
    divided by `L ** alpha`, where L is the number of predicted tokens, `"<eos>"` included and `"<bos>"` not.

    Args:
        net, src_sentence, src_vocab, tgt_vocab, num_steps, device: as those of `predict_seq2seq`; the encoder and
            `init_state` are called once, with the same `enc_X` and `valid_len` as there. A call of the decoder
            leaves the state that it was given as it is.
        beam_size: how many hypotheses are kept, an int of at least 1. With 1 the search is greedy.
        alpha: how much length is made up for, a float of at least 0. With 0 the score is the log-probability.

    Returns:
        `(translation, score)`: a str, the tokens of the answer with a space between two, without `"<eos>"`; and a float
        (a Python float, not a tensor).

    The net is in evaluation mode meanwhile, and afterwards in the mode in which it came. No gradients are recorded.

    Example:
        >>> words = ["<pad>", "<bos>", "<eos>", "hello", "you"]
        >>> class Words:
        ...     def __getitem__(self, what):
        ...         return [self[token] for token in what] if isinstance(what, list) else words.index(what)
        ...
        ...     def to_tokens(self, ids):
        ...         return [words[i] for i in ids]
        >>> class Again(torch.nn.Module):  # says again what it reads; its state is what is still to be said
        ...     decoder = property(lambda self: self)
        ...
        ...     def encoder(self, X, valid_len):
        ...         return X
        ...
        ...     def init_state(self, X, valid_len):
        ...         return X
        ...
        ...     def forward(self, X, state):
        ...         return torch.nn.functional.one_hot(state[:, :1], 5).float(), state[:, 1:]
        >>> translation, score = beam_search(Again(), "Hello you", Words(), Words(), 4, "cpu")
        >>> translation, round(score, 2)
        ('hello you', -1.19)

    Source: Wu et al., "Google's Neural Machine Translation System" (2016), section 7; Zhang et al., "Dive into Deep
    Learning" (2023), section 10.8, Beam Search.
    """
    ### BEGIN SOLUTION
    ids = src_vocab[src_sentence.lower().split()] + [src_vocab["<eos>"]]
    length = min(len(ids), num_steps)
    ids = ids[:num_steps] + [src_vocab["<pad>"]] * (num_steps - length)
    valid_len = torch.tensor([length], device=device)
    was_training = net.training
    net.eval()
    finished = []
    with torch.no_grad():
        enc_outputs = net.encoder(torch.tensor([ids], device=device), valid_len)
        beam = [(0.0, [], net.decoder.init_state(enc_outputs, valid_len))]
        for _ in range(num_steps):
            extensions = []
            for log_prob, tokens, state in beam:
                last = tokens[-1] if tokens else tgt_vocab["<bos>"]
                scores, new_state = net.decoder(torch.tensor([[last]], device=device), state)
                for token, more in enumerate(scores[0, 0].log_softmax(dim=0).tolist()):
                    extensions.append((log_prob + more, [*tokens, token], new_state))
            best = sorted(extensions, key=lambda extension: -extension[0])[:beam_size]
            finished += [one for one in best if one[1][-1] == tgt_vocab["<eos>"]]
            beam = [one for one in best if one[1][-1] != tgt_vocab["<eos>"]]
    net.train(was_training)
    score, tokens = max((log_prob / len(tokens) ** alpha, tokens) for log_prob, tokens, _ in finished + beam)
    return " ".join(tgt_vocab.to_tokens([token for token in tokens if token != tgt_vocab["<eos>"]])), score
    ### END SOLUTION
