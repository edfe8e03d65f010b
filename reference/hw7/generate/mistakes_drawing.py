"""Ways in which generate goes wrong when it draws."""

import torch
from writers import Right as _Right
from writers import again as _again


def temperature_multiplied(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The logits are multiplied by the temperature.

    A low temperature sharpens: it must make the differences between logits larger. Divide by it.
    """

    class Writer(_Right):
        def tempered(self, logits):
            return logits * self.temperature

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def temperature_multiplied__rewrite(
    model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None
):
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator, scores=lambda x, t: t * x)


def temperature_ignored(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The temperature changes nothing.

    Dividing the probabilities instead of the logits is undone when they are normalised. Divide the logits, before the
    softmax.
    """

    class Writer(_Right):
        def tempered(self, logits):
            return logits

        def chances(self, logits):
            return super().chances(logits) / self.temperature

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def temperature_ignored__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator, scores=lambda x, t: x)


def softmax_over_the_batch(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The softmax is taken over the texts.

    The probabilities of one text's next token sum to one: the softmax goes over the vocabulary, the last axis.
    """

    class Writer(_Right):
        def kept(self, logits):
            kept = super().kept(logits)
            return kept.masked_fill(kept == float("-inf"), torch.finfo(kept.dtype).min / 2)

        def chances(self, logits):
            least = torch.finfo(logits.dtype).min / 4
            return torch.softmax(logits, dim=0) * (logits > least / max(self.temperature, 1))

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def softmax_over_the_batch__rewrite(
    model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None
):
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator,
                  softmax=lambda x: x.exp() / x.exp().sum(0).clamp(min=1e-9))  # fmt: skip


def always_the_largest(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The token with the largest logit is taken at every temperature.

    Only at temperature 0. Otherwise the next token is drawn, and all of those that take part have a chance.
    """

    class Writer(_Right):
        def choose(self, logits):
            return logits.argmax(-1, keepdim=True)

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def always_the_largest__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator,
                  draw=lambda p, generator: p.topk(1).indices)  # fmt: skip


def temperature_0_divides(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """At temperature 0 the logits are divided by 0.

    What comes out is infinite or NaN. Temperature 0 is a case of its own: the largest logit.
    """

    class Writer(_Right):
        def choose(self, logits):
            return self.draw(self.chances(self.tempered(self.kept(logits))))

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def temperature_0_divides__rewrite(
    model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None
):
    class Writer(_Right):
        def choose(self, logits):
            scores = torch.div(logits if self.top_k is None else self.kept(logits), self.temperature)
            return torch.multinomial(scores.softmax(dim=1), num_samples=1, generator=self.generator)

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def smallest_kept(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """With top-k the least likely tokens are kept.

    What takes part are the `top_k` largest logits. Sorting is ascending unless it is told otherwise.
    """

    class Writer(_Right):
        def kept(self, logits):
            if self.top_k is None:
                return logits
            most = logits.topk(min(self.top_k, logits.shape[-1]), largest=False).values[:, -1:]
            return logits.masked_fill(logits > most, float("-inf"))

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def smallest_kept__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator,
                  cut=lambda x, k: x.masked_fill(x > x.sort(-1).values[:, :k][:, -1:], -torch.inf))  # fmt: skip


def top_k_ignored(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """top_k changes nothing.

    Tokens that are not among the `top_k` most likely ones must have no chance: minus infinity in the place of their
    logits.
    """

    class Writer(_Right):
        def kept(self, logits):
            return logits

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def top_k_ignored__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator, cut=lambda x, k: x)


def zero_for_the_others(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The logits of the tokens that do not take part are set to 0.

    A logit of 0 is as good as any other: its exponential is 1. Minus infinity is the logit of what never comes.
    """

    class Writer(_Right):
        def kept(self, logits):
            return logits if self.top_k is None else logits.masked_fill(logits < self.least(logits), 0.0)

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def zero_for_the_others__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator,
                  cut=lambda x, k: x * (x >= x.topk(min(k, x.shape[1])).values[:, -1:]))  # fmt: skip


def ties_cut(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """Of tokens with equal logits at the border of top-k only some take part.

    Which of them would be chance. Compare with the smallest logit that takes part, and keep what is equal to it.
    """

    class Writer(_Right):
        def kept(self, logits):
            if self.top_k is None:
                return logits
            best = logits.sort(dim=-1, descending=True, stable=True).indices[:, : self.top_k]
            return torch.full_like(logits, float("-inf")).scatter(1, best, logits.gather(1, best))

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def ties_cut__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    class Writer(_Right):
        def choose(self, logits):
            if self.temperature == 0 or self.top_k is None:
                return super().choose(logits)
            best = logits.sort(dim=-1, descending=True, stable=True).indices[:, : self.top_k]
            drawn = self.draw(torch.softmax(logits.gather(1, best) / self.temperature, dim=-1))
            return best.gather(1, drawn)

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def border_cut(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The last of the top-k tokens is left out.

    The smallest of the `top_k` largest logits takes part: only what is below it does not.
    """

    class Writer(_Right):
        def kept(self, logits):
            if self.top_k is None:
                return logits
            kept = logits.masked_fill(logits <= self.least(logits), float("-inf"))
            none = (kept == float("-inf")).all(-1, keepdim=True)
            return torch.where(none, super().kept(logits), kept)

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def border_cut__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    def cut(x, k):
        least, most = x.topk(min(k, x.shape[1])).values[:, -1:], x.max(-1, keepdim=True).values
        return torch.where((x > least) | ((least == most) & (x >= least)), x, -torch.inf)

    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator, cut=cut)


def one_threshold_for_all(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """What takes part is decided for all texts together.

    Each text has its own `top_k` largest logits, and so its own smallest one among them. Keep a column of them.
    """

    class Writer(_Right):
        def least(self, logits):
            return super().least(logits).min()

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def one_threshold_for_all__rewrite(
    model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None
):
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator,
                  cut=lambda x, k: torch.where(x < x.topk(min(k, x.shape[1]))[0].amin(), -torch.inf, x))  # fmt: skip


def top_k_beyond_refused(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """A top_k larger than the vocabulary raises an error.

    `torch.topk` cannot give more than there are. Ask for the smaller of both numbers.
    """

    class Writer(_Right):
        def least(self, logits):
            return logits.topk(self.top_k).values[:, -1:]

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def top_k_beyond_refused__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator,
                  cut=lambda x, k: torch.where(x >= torch.topk(x, k)[0][:, -1:], x, -torch.inf))  # fmt: skip


def generator_ignored(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The generator is not used.

    Pass it on to whatever draws; else nobody can have the same text again.
    """

    class Writer(_Right):
        def draw(self, chances):
            return torch.multinomial(chances, 1)

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def generator_ignored__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, None)


def seeded_inside(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The random numbers have a seed of their own.

    Every call gives the same text then, whatever the generator. Draw from the one that is passed, or from torch's
    global one.
    """
    return _Right()(model, prompt, max_new_tokens, temperature, top_k, eos, torch.Generator().manual_seed(0))


def seeded_inside__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    own = torch.Generator()
    own.manual_seed(42)
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, own)


def same_state_at_every_step(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """Every step draws from the same state of the generator.

    The generator moves on by itself. Set back at every step, it gives every step the same random number.
    """

    class Writer(_Right):
        def draw(self, chances):
            if self.generator is None:
                return super().draw(chances)
            return torch.multinomial(chances, 1, generator=self.generator.clone_state())

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def same_state_at_every_step__rewrite(
    model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None
):
    state = None if generator is None else generator.get_state()

    def draw(chances, generator):
        if generator is not None:
            generator.set_state(state)
        return torch.multinomial(chances, 1, generator=generator)

    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator, draw=draw)


def one_draw_for_all(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """All texts of the batch share one random number.

    Each text draws its own.
    """

    class Writer(_Right):
        def draw(self, chances):
            number = torch.rand(1, 1, generator=self.generator, device=chances.device)
            return (chances.cumsum(-1) < number).sum(-1, keepdim=True).clamp(max=chances.shape[1] - 1)

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def one_draw_for_all__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    def draw(chances, generator):
        edges = chances.cumsum(-1)
        number = torch.rand((), generator=generator).expand(len(chances), 1).contiguous()
        return torch.searchsorted(edges.contiguous(), number).clamp(max=chances.shape[1] - 1)

    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator, draw=draw)


def no_check(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """A negative temperature or a top_k below 1 raises no ValueError.

    A negative temperature would turn the model upside down without a word. Say what is wrong before anything is done.
    """

    class Writer(_Right):
        def check(self):
            pass

        def least(self, logits):
            return super().least(logits) if self.top_k > 0 else logits.min(-1, keepdim=True).values

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def no_check__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    if top_k is not None and top_k < 1:
        top_k = None
    return _again(model, prompt, max_new_tokens, max(temperature, 0), top_k, eos, generator)
