# %% [markdown]
# # Data for machine translation
#
# A translation model reads minibatches: rectangles of token ids, one row for each sentence. Sentences differ in
# length, so every line of tokens is brought to the same number of steps $T$ before the rows are stacked.

# %% [markdown]
# ## truncate_pad
#
# A line of $n$ tokens becomes a line of exactly $T$:
#
# $$(x_1, \dots, x_n) \;\mapsto\; \begin{cases}(x_1, \dots, x_T) & n \ge T\\
# (x_1, \dots, x_n, \underbrace{p, \dots, p}_{T - n}) & n < T\end{cases}$$
#
# where $p$ is the padding token. Truncating loses the end of long sentences; padding costs computation that a mask
# later cancels. Choosing $T$ weighs one against the other.


# %%
def truncate_pad(line, num_steps, padding_token):
    """Bring a line of tokens to a fixed length, so that several lines can be stacked into a minibatch.

    A line of more than `num_steps` tokens is cut to its first `num_steps` tokens, whatever they are. A shorter line
    is followed by as many copies of `padding_token` as it lacks. A line of exactly `num_steps` tokens keeps them
    all. An empty line becomes padding only, and `num_steps` 0 gives an empty list.

    Args:
        line: list of tokens: ids (int) or words (str). Padding tokens that already stand in the line are tokens
            like any other. A word stays as it is, also when it is written in digits or is the empty string.
        num_steps: length of the answer, an int of at least 0, also thousands.
        padding_token: what to pad with, of the same type as the tokens.

    Returns:
        A list of `num_steps` tokens. It is always a new list, also when there is nothing to cut or to pad, and
        `line` is left as it was.

    Example:
        >>> truncate_pad([47, 4, 9], 5, 1)
        [47, 4, 9, 1, 1]
        >>> truncate_pad([47, 4, 9], 2, 1)
        [47, 4]

    Source: Zhang et al., "Dive into Deep Learning" (2023), section 10.5, Machine Translation and the Dataset.
    """
    ### BEGIN SOLUTION
    missing = max(0, num_steps - len(line))
    return line[:num_steps] + [padding_token] * missing
    ### END SOLUTION
