# %% [markdown]
# # BERT
#
# A pre-trained BERT reads one text, or a pair of texts, of limited length.

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
    raise NotImplementedError("your code here")
