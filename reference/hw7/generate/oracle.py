"""generate with the sequence allocated at once, top-k by sorting, and numbers drawn by the inverse distribution."""

import torch


def generate(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    if temperature < 0:
        raise ValueError("the temperature must not be negative")
    if top_k is not None and top_k <= 0:
        raise ValueError("top_k must be positive")
    was_training = model.training
    model.train(False)
    batch, n = prompt.shape
    end = max(n, min(n + max_new_tokens, model.max_len))
    text = torch.empty(batch, end, dtype=torch.long, device=prompt.device)
    text[:, :n] = prompt
    going = torch.ones(batch, dtype=torch.bool, device=prompt.device)
    feed, cache = text[:, :n], None
    while n < end and bool(going.any()):
        with torch.inference_mode():
            logits, cache = model(feed, cache)
            logits = logits[:, logits.shape[1] - 1]
        chosen = _chosen(logits, temperature, top_k, generator)
        text[:, n] = chosen if eos is None else torch.where(going, chosen, eos)
        if eos is not None:
            going = going & (text[:, n] != eos)
        feed = text[:, n : n + 1]
        n += 1
    model.train(was_training)
    return text[:, :n].clone()


def _chosen(logits, temperature, top_k, generator):
    if temperature == 0:
        return logits.max(dim=1).indices
    scores = logits.double() / temperature
    if top_k is not None and top_k < scores.shape[1]:
        least = scores.sort(dim=1, descending=True).values[:, top_k - 1 : top_k]
        scores = torch.where(scores >= least, scores, -torch.inf)
    return torch.multinomial(scores.softmax(1), 1, generator=generator)[:, 0]
