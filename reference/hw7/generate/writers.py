"""Two correct ways that mistakes change: `Right`, whose steps are methods, and `again`, whose steps are arguments."""

import torch


class Right:
    """A correct generate, of which each mistake changes one step. `right(Class)` makes a function of it."""

    def __call__(self, model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
        self.temperature, self.top_k, self.eos, self.generator = temperature, top_k, eos, generator
        self.check()
        mode = self.before(model)
        tokens, cache = self.start(prompt), None
        self.finished = self.unfinished(prompt)
        with self.context():
            for step in range(self.steps(model, prompt, max_new_tokens)):
                logits, cache = self.ask(model, tokens, step, cache)
                new = self.mark(self.choose(self.last(logits)))
                tokens = torch.cat([tokens, new], dim=1)
                if self.over():
                    break
        self.after(model, mode)
        return self.answer(tokens, prompt)

    def check(self):
        if self.temperature < 0 or (self.top_k is not None and self.top_k < 1):
            raise ValueError("temperature must be 0 or more, top_k 1 or more")

    def before(self, model):
        mode = model.training
        model.eval()
        return mode

    def after(self, model, mode):
        model.train(mode)

    def context(self):
        return torch.no_grad()

    def start(self, prompt):
        return prompt.clone()

    def answer(self, tokens, prompt):
        return tokens

    def unfinished(self, prompt):
        return torch.zeros(len(prompt), 1, dtype=torch.bool, device=prompt.device)

    def steps(self, model, prompt, most):
        return min(most, model.max_len - prompt.shape[1])

    def ask(self, model, tokens, step, cache):
        return model(tokens if step == 0 else tokens[:, -1:], cache)

    def last(self, logits):
        return logits[:, -1]

    def choose(self, logits):
        if self.temperature == 0:
            return logits.argmax(-1, keepdim=True)
        return self.draw(self.chances(self.tempered(self.kept(logits))))

    def kept(self, logits):
        return logits if self.top_k is None else logits.masked_fill(logits < self.least(logits), float("-inf"))

    def least(self, logits):
        return logits.topk(min(self.top_k, logits.shape[-1])).values[:, -1:]

    def tempered(self, logits):
        return logits / self.temperature

    def chances(self, logits):
        return torch.softmax(logits, dim=-1)

    def draw(self, chances):
        return torch.multinomial(chances, 1, generator=self.generator)

    def mark(self, new):
        if self.eos is not None:
            new = new.masked_fill(self.finished, self.eos)
            self.finished = self.finished | (new == self.eos)
        return new

    def over(self):
        return bool(self.finished.all())


def again(
    model, prompt, max_new_tokens, temperature, top_k, eos, generator, *,
    scores=lambda logits, t: logits / t,
    cut=lambda logits, k: logits.masked_fill(logits < logits.sort(-1).values[:, -k:][:, :1], -torch.inf),
    softmax=lambda scores: scores.softmax(-1),
    draw=lambda chances, generator: torch.multinomial(chances, 1, generator=generator),
    position=-1, limit=None, ended=lambda done, new, eos: done | (new == eos), fill=True, stop=True,
    feed=lambda tokens, new, cache: (new, cache),
):  # fmt: skip
    """The same in one function, with a step of it as an argument."""
    if temperature < 0:
        raise ValueError("temperature below 0")
    if top_k is not None and top_k < 1:
        raise ValueError("top_k below 1")
    mode, tokens, cache, new = model.training, prompt.clone(), None, prompt
    done = torch.zeros_like(prompt[:, 0], dtype=torch.bool)
    model.eval()
    end = min(prompt.shape[1] + max_new_tokens, model.max_len) if limit is None else limit
    while tokens.shape[1] < end:
        with torch.no_grad():
            logits, cache = model(new, cache)
        logits = logits[:, position]
        if temperature == 0:
            chosen = logits.max(-1).indices
        else:
            chosen = draw(softmax(scores(cut(logits, top_k) if top_k else logits, temperature)), generator)[:, 0]
        if eos is not None:
            chosen = torch.where(done, eos, chosen) if fill else chosen
            done = ended(done, chosen, eos)
        new = chosen[:, None]
        tokens = torch.cat([tokens, new], 1)
        new, cache = feed(tokens, new, cache)
        if stop and bool(done.all()):
            break
    model.train(mode)
    return tokens
