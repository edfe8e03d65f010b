"""Ways in which generate goes wrong from step to step: what is fed, when it stops, and what is left behind."""

import contextlib

import torch
from writers import Right as _Right
from writers import again as _again


def prompt_lost(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """Only the new tokens are returned.

    The answer begins with the prompt.
    """

    class Writer(_Right):
        def answer(self, tokens, prompt):
            return tokens[:, prompt.shape[1] :]

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def prompt_lost__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    tokens = _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator)
    return tokens.narrow(1, prompt.shape[1], tokens.shape[1] - prompt.shape[1]).clone()


def without_cache(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The whole text is fed at every step.

    It is right, but everything is computed again for every token. Keep the cache that the model returns, and feed
    only the newest token with it.
    """

    class Writer(_Right):
        def ask(self, model, tokens, step, cache):
            return model(tokens)

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def without_cache__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator,
                  feed=lambda tokens, new, cache: (tokens, None))  # fmt: skip


def everything_and_cache(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The whole text is fed together with the cache.

    The cache holds what was read: fed again, the text stands there twice. Feed the newest token alone.
    """

    class Writer(_Right):
        def ask(self, model, tokens, step, cache):
            return model(tokens, cache)

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def everything_and_cache__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator,
                  feed=lambda tokens, new, cache: (tokens, cache))  # fmt: skip


def cache_not_passed(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The newest token is fed without the cache.

    The model then knows nothing of what came before. What the last call returned goes into the next one.
    """

    class Writer(_Right):
        def ask(self, model, tokens, step, cache):
            return super().ask(model, tokens, step, None)

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def cache_not_passed__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator,
                  feed=lambda tokens, new, cache: (new, None))  # fmt: skip


def first_cache_kept(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The cache of the prompt is passed at every step.

    It grows with every call: pass the one that the last call returned.
    """
    first = []

    class Writer(_Right):
        def ask(self, model, tokens, step, cache):
            logits, cache = super().ask(model, tokens, step, first[0] if first else None)
            first.append(cache)
            return logits, cache

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def first_cache_kept__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    kept = {}
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator,
                  feed=lambda tokens, new, cache: (new, kept.setdefault("first", cache)))  # fmt: skip


def prompt_token_by_token(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The prompt is fed a token at a time.

    The model reads a whole prompt in one call, side by side; a call for every token is many times slower.
    """

    class Writer(_Right):
        def ask(self, model, tokens, step, cache):
            for place in range(0 if step == 0 else tokens.shape[1] - 1, tokens.shape[1]):
                logits, cache = model(tokens[:, place : place + 1], cache)
            return logits, cache

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def prompt_token_by_token__rewrite(
    model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None
):
    class Writer(_Right):
        def ask(self, model, tokens, step, cache):
            if step == 0:
                for token in tokens[:, :-1].split(1, dim=1):
                    _, cache = model(token, cache)
            return model(tokens[:, -1:], cache)

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def one_call_too_many(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The model is called once more than there are new tokens.

    What is fed last is the last but one token of the answer: nobody needs the logits after the last one.
    """

    class Writer(_Right):
        def ask(self, model, tokens, step, cache):
            self.length = tokens.shape[1] + 1
            logits, self.cache = super().ask(model, tokens, step, cache)
            return logits, self.cache

        def mark(self, new):
            self.new = super().mark(new)
            return self.new

        def after(self, model, mode):
            if hasattr(self, "new") and self.length < model.max_len:
                with torch.no_grad():
                    model(self.new, self.cache)
            super().after(model, mode)

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def one_call_too_many__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    last = []

    def feed(tokens, new, cache):
        last[:] = [new, cache]
        return new, cache

    tokens = _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator, feed=feed)
    if last and tokens.shape[1] < model.max_len:
        mode = model.training
        with torch.no_grad():
            model.eval()(*last)
        model.train(mode)
    return tokens


def first_position(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The logits at the first position are used.

    The next token follows the last one of what was fed: take the last position.
    """

    class Writer(_Right):
        def last(self, logits):
            return logits[:, 0]

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def first_position__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator, position=0)


def one_token_too_many(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """There is one new token too many.

    At most `max_new_tokens` are added, also when that is 0.
    """

    class Writer(_Right):
        def steps(self, model, prompt, most):
            return super().steps(model, prompt, most + 1)

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def one_token_too_many__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    end = min(prompt.shape[1] + max_new_tokens + 1, model.max_len)
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator, limit=end)


def max_new_tokens_as_length(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """max_new_tokens is taken for the length of the whole text.

    It counts the tokens that are added to the prompt.
    """

    class Writer(_Right):
        def steps(self, model, prompt, most):
            return super().steps(model, prompt, most - prompt.shape[1])

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def max_new_tokens_as_length__rewrite(
    model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None
):
    end = min(max_new_tokens, model.max_len)
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator, limit=end)


def max_len_forgotten(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The model is asked for more than it can read.

    Beyond `model.max_len` there are no positions. Stop when the texts are that long.
    """

    class Writer(_Right):
        def steps(self, model, prompt, most):
            return most

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def max_len_forgotten__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    end = prompt.shape[1] + max_new_tokens
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator, limit=end)


def eos_ignored(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The end of a text is not noticed.

    After `eos` a text is finished: its tokens are `eos` from there on, and when all are finished nothing more is
    asked for.
    """
    return _Right()(model, prompt, max_new_tokens, temperature, top_k, None, generator)


def eos_ignored__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator, stop=False, fill=False)


def goes_on_after_eos(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """Finished texts go on while others are not finished.

    What follows `eos` in a finished text is `eos`, however long the others take.
    """

    class Writer(_Right):
        def mark(self, new):
            if self.eos is not None:
                self.finished = self.finished | (new == self.eos)
            return new

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def goes_on_after_eos__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator, fill=False)


def stops_with_the_first(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """All texts stop when one is finished.

    The others go on until each has its end, or there is no room.
    """

    class Writer(_Right):
        def over(self):
            return bool(self.finished.any())

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def stops_with_the_first__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    def ended(done, new, eos):
        return (new == eos).any().expand(len(new))

    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator, ended=ended, fill=False)


def never_stops_early(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The answer is filled up with eos when all texts are finished.

    It stops when every text is finished: the answer is as long as the longest of them.
    """

    class Writer(_Right):
        def over(self):
            return False

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def never_stops_early__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator, stop=False)


def stops_when_all_say_eos_at_once(
    model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None
):
    """An eos counts only in the step in which it is chosen.

    Remember which texts are finished: each ends at its own time.
    """

    class Writer(_Right):
        def mark(self, new):
            if self.eos is not None:
                self.finished = new == self.eos
            return new

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def stops_when_all_say_eos_at_once__rewrite(
    model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None
):
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator, fill=False,
                  ended=lambda done, new, eos: new == eos)  # fmt: skip


def eos_0_ignored(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """An eos that is token 0 is taken for none.

    0 is false in Python, and a token like any other here. Ask whether `eos` is None.
    """
    return _Right()(model, prompt, max_new_tokens, temperature, top_k, eos or None, generator)


def eos_0_ignored__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    return _again(model, prompt, max_new_tokens, temperature, top_k, eos if eos else None, generator)


def eos_dropped(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The eos that ends all texts is not in the answer.

    It is one of the new tokens: append it before you stop.
    """

    class Writer(_Right):
        def answer(self, tokens, prompt):
            return tokens[:, :-1] if bool(self.finished.all()) else tokens

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def eos_dropped__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    tokens = _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator)
    new = tokens[:, prompt.shape[1] :]
    over = eos is not None and new.shape[1] > 0 and bool((new[:, -1] == eos).all())
    return tokens[:, : tokens.shape[1] - over]


def eos_of_the_prompt(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """An eos in the prompt finishes the text.

    It separates what came before. Only an `eos` that was chosen ends a text.
    """

    class Writer(_Right):
        def unfinished(self, prompt):
            found = super().unfinished(prompt)
            return found if self.eos is None else (prompt == self.eos).any(1, keepdim=True)

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def eos_of_the_prompt__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    class Writer(_Right):
        def mark(self, new):
            if self.eos is None:
                return new
            new = new.masked_fill((prompt == self.eos).any(1, keepdim=True) | self.finished, self.eos)
            self.finished = self.finished | (new == self.eos)
            return new

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def left_in_training_mode(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The model generates in training mode.

    With dropout its answers are random even at temperature 0. Put it into evaluation mode before the first call.
    """

    class Writer(_Right):
        def before(self, model):
            return model.training

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def left_in_training_mode__rewrite(
    model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None
):
    class Writer(_Right):
        def before(self, model):
            mode = model.training
            model.train(mode)
            return mode

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def mode_not_restored(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The model is left in evaluation mode.

    Whoever looks at a few texts in the middle of the training goes on without dropout. Put the mode back.
    """

    class Writer(_Right):
        def after(self, model, mode):
            pass

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def mode_not_restored__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    tokens = _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator)
    model.eval()
    return tokens


def always_trains_afterwards(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """The model is in training mode afterwards, whatever it was before.

    Remember `model.training`, and put that back.
    """

    class Writer(_Right):
        def after(self, model, mode):
            model.train()

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def always_trains_afterwards__rewrite(
    model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None
):
    tokens = _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator)
    model.train()
    return tokens


def gradients_recorded(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """Gradients are recorded while it generates.

    Nothing is learned here, and what is kept for a backward that never comes fills the memory. `torch.no_grad()` is the
    remedy; evaluation mode alone is none.
    """

    class Writer(_Right):
        def context(self):
            return contextlib.nullcontext()

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def gradients_recorded__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    class Writer(_Right):
        def context(self):
            return torch.enable_grad()

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def prompt_returned(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """Where nothing is added the prompt itself is returned.

    The answer is a new tensor: who writes into it does not want to change the prompt.
    """

    class Writer(_Right):
        def start(self, prompt):
            return prompt

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def prompt_returned__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    tokens = _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator)
    return prompt if tokens.shape == prompt.shape else tokens


def text_by_text(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """There is a loop over the texts.

    The model reads them side by side, and so can everything else: what is finished is a column of bools.
    """

    class Writer(_Right):
        def mark(self, new):
            if self.eos is None:
                return new
            new, finished = new.clone(), self.finished.clone()
            for i in range(len(new)):
                if finished[i]:
                    new[i] = self.eos
                elif new[i] == self.eos:
                    finished[i] = True
            self.finished = finished
            return new

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def text_by_text__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    def ended(done, new, eos):
        return torch.stack([d | (n == eos) for d, n in zip(done, new)])

    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator, ended=ended)


def on_the_cpu(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    """Tensors are made on the CPU.

    What meets the prompt must be on its device.
    """

    class Writer(_Right):
        def unfinished(self, prompt):
            return torch.zeros(len(prompt), 1, dtype=torch.bool)

    return Writer()(model, prompt, max_new_tokens, temperature, top_k, eos, generator)


def on_the_cpu__rewrite(model, prompt, max_new_tokens, temperature=1.0, top_k=None, eos=None, generator=None):
    def ended(done, new, eos):
        return torch.tensor([False] * len(new)) | done | (new == eos)

    return _again(model, prompt, max_new_tokens, temperature, top_k, eos, generator, ended=ended)
