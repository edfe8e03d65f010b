"""Correct implementations of generate."""

import torch
import torch.nn.functional as F


@torch.no_grad()
def gumbel(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """Draws by the largest of logits with Gumbel noise; a list of columns is joined in the end."""
    if temperature < 0:
        raise ValueError(f"temperature is {temperature}, at least 0 expected")
    if top_k is not None and top_k < 1:
        raise ValueError(f"top_k is {top_k}, at least 1 expected")
    mode = model.training
    model.eval()
    columns = [prompt]
    done = torch.zeros_like(prompt[:, :1], dtype=torch.bool)
    cache, new = None, prompt
    room = min(max_new_tokens, model.max_len - prompt.shape[1])
    while len(columns) <= room and not done.all():
        logits, cache = model(new, cache)
        scores = logits[:, -1]
        if temperature > 0:
            if top_k is not None:
                kth, _ = torch.kthvalue(scores, max(scores.size(-1) - top_k + 1, 1), dim=-1, keepdim=True)
                scores = scores.masked_fill(scores < kth, float("-inf"))
            uniform = torch.rand(scores.shape, generator=generator, device=scores.device)
            scores = scores / temperature - torch.log(-torch.log(uniform.clamp(1e-20, 1 - 1e-7)))
        new = torch.argmax(scores, dim=-1, keepdim=True)
        if eos is not None:
            new[done] = eos
            done = done | (new == eos)
        columns.append(new)
    model.train(mode)
    return torch.cat(columns, dim=1) if len(columns) > 1 else prompt.clone()


def filtered(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """Probabilities are filtered and multinomial normalises them; the mode is restored whatever happens."""
    if temperature < 0 or not (top_k is None or top_k > 0):
        raise ValueError("temperature must be at least 0 and top_k at least 1")
    training = model.training
    tokens = prompt.detach().clone()
    finished = [False] if eos is None else None
    try:
        model.eval()
        with torch.inference_mode():
            logits, cache = None, None
            for step in range(max_new_tokens):
                if tokens.size(1) >= model.max_len:
                    break
                logits, cache = model(tokens if step == 0 else tokens[:, -1:], cache=cache)
                last = logits[:, -1, :]
                if temperature == 0:
                    new = last.topk(1, dim=-1).indices
                else:
                    chances = F.softmax(last / temperature, dim=-1)
                    if top_k:
                        k = min(top_k, last.size(-1))
                        floor = torch.topk(last, k, dim=-1)[0][..., -1, None]
                        chances = chances * (last >= floor)
                    new = torch.multinomial(chances, num_samples=1, generator=generator)
                if eos is not None:
                    if finished is not None:
                        new = torch.where(finished, torch.full_like(new, eos), new)
                        finished = finished | (new == eos)
                    else:
                        finished = new == eos
                tokens = torch.cat((tokens, new), dim=1)
                if eos is not None and bool(finished.all()):
                    break
    finally:
        model.train(training)
    return tokens.clone()
