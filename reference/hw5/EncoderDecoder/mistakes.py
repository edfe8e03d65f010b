"""Ways in which EncoderDecoder goes wrong. The mistakes change `Right`, the rewrites `Again`."""

import copy

import torch
from pieces import Again as _Again
from pieces import Right as _Right


class LengthsNotForTheState(_Right):
    """The further arguments are not given to `init_state`.

    A decoder with attention needs the valid lengths to leave padding out. Hand `*args` on there, too.
    """

    def start(self, enc_outputs, *args):
        return self.decoder.init_state(enc_outputs)


class LengthsNotForTheState__rewrite(_Again):
    def for_state(self, args):
        return ()


class LengthsNotForTheEncoder(_Right):
    """The further arguments are not given to the encoder.

    An encoder with attention needs the valid lengths. Hand `*args` on there, too.
    """

    def encode(self, enc_X, *args):
        return self.encoder(enc_X)


class LengthsNotForTheEncoder__rewrite(_Again):
    def for_encoder(self, enc_X, args):
        return (enc_X,)


class FirstLengthOnly(_Right):
    """Only the first of the further arguments is handed on.

    There may be any number of them: `*args`.
    """

    def forward(self, enc_X, dec_X, *args):
        return super().forward(enc_X, dec_X, *args[:1])


class FirstLengthOnly__rewrite(_Again):
    def for_encoder(self, enc_X, args):
        return (enc_X, *args[:1])

    def for_state(self, args):
        return args[:1]


class AlwaysALength(_Right):
    """None is handed on where there is no further argument.

    `*args` hands on what there is, and nothing where there is nothing.
    """

    def forward(self, enc_X, dec_X, *args):
        return super().forward(enc_X, dec_X, *(args or (None,)))


class AlwaysALength__rewrite(_Again):
    def forward(self, enc_X, dec_X, valid_lens=None, *more):
        return super().forward(enc_X, dec_X, valid_lens, *more)


class ArgsAsATuple(_Right):
    """The further arguments are handed on as one tuple.

    Write the star in the call as well: `*args`.
    """

    def encode(self, enc_X, *args):
        return self.encoder(enc_X, args) if args else self.encoder(enc_X)

    def start(self, enc_outputs, *args):
        return self.decoder.init_state(enc_outputs, args) if args else self.decoder.init_state(enc_outputs)


class ArgsAsATuple__rewrite(_Again):
    def for_encoder(self, enc_X, args):
        return (enc_X, *((args,) if args else ()))

    def for_state(self, args):
        return [args][: len(args)]


class ScoresAlone(_Right):
    """The scores alone are returned.

    The state is needed to go on from there: return both, as the decoder does.
    """

    def answer(self, output, state):
        return output


class ScoresAlone__rewrite(_Again):
    def finish(self, both):
        scores, _ = both
        return scores


class StateFirst(_Right):
    """State and scores are in the wrong order.

    Return what the decoder returns, as it is.
    """

    def answer(self, output, state):
        return state, output


class StateFirst__rewrite(_Again):
    def finish(self, both):
        return tuple(reversed(both))


class InputsSwapped(_Right):
    """The encoder reads the decoder's input, and the other way round.

    The source is for the encoder.
    """

    def forward(self, enc_X, dec_X, *args):
        return super().forward(dec_X, enc_X, *args)


class InputsSwapped__rewrite(_Again):
    def __init__(self, encoder, decoder):
        super().__init__(encoder, decoder)
        self.turn = super().forward

    def forward(self, enc_X, dec_X, *args):
        return self.turn(enc_X=dec_X, dec_X=enc_X, *args) if not args else self.turn(dec_X, enc_X, *args)


class StateNotMade(_Right):
    """The decoder is given the encoder's outputs as they are.

    What its state is made of them is its own matter: call `init_state`.
    """

    def start(self, enc_outputs, *args):
        return enc_outputs


class StateNotMade__rewrite(_Again):
    def forward(self, enc_X, dec_X, *args):
        return self.decoder(dec_X, self.encoder(enc_X, *args))


class NotRegistered(_Right):
    """Encoder and decoder are not registered.

    Modules in a plain list or dictionary have parameters that nobody sees: no optimizer, no `.to(device)`. Make them
    attributes.
    """

    def keep(self, encoder, decoder):
        vars(self)["parts"] = [encoder, decoder]

    @property
    def encoder(self):
        return self.parts[0]

    @property
    def decoder(self):
        return self.parts[1]


class NotRegistered__rewrite(_Again):
    def __init__(self, encoder, decoder):
        super().__init__(encoder, decoder)
        for name in ("encoder", "decoder"):
            module = self._modules.pop(name)
            vars(self)[name] = module


class OtherNames(_Right):
    """Encoder and decoder are registered under other names.

    The stub fixes the names: `encoder` and `decoder`.
    """

    def keep(self, encoder, decoder):
        self.enc = encoder
        self.dec = decoder

    def forward(self, enc_X, dec_X, *args):
        return self.dec(dec_X, self.dec.init_state(self.enc(enc_X, *args), *args))


class OtherNames__rewrite(torch.nn.Module):
    def __init__(self, encoder, decoder):
        super().__init__()
        self.enc, self.dec = encoder, decoder

    def forward(self, enc_X, dec_X, *args):
        outputs = self.enc(enc_X, *args)
        state = self.dec.init_state(outputs, *args)
        return self.dec(dec_X, state)


class Copied(_Right):
    """Copies of encoder and decoder are kept.

    Who holds the modules that were given would look at weights that nobody trains.
    """

    def keep(self, encoder, decoder):
        self.encoder = copy.deepcopy(encoder)
        self.decoder = copy.deepcopy(decoder)


class Copied__rewrite(_Again):
    def __init__(self, encoder, decoder):
        super().__init__(*copy.deepcopy((encoder, decoder)))


class EncoderWithoutGradients(_Right):
    """The encoder gets no gradient.

    It learns from the decoder's loss: leave what it gives in the graph.
    """

    def encode(self, enc_X, *args):
        with torch.no_grad():
            return self.encoder(enc_X, *args)


class EncoderWithoutGradients__rewrite(_Again):
    def between(self, outputs):
        return tuple(part.detach() for part in outputs)


class StateKept(_Right):
    """The first sentences are encoded once and for all.

    Every call brings other sentences. Keep nothing from call to call.
    """

    kept = None

    def forward(self, enc_X, dec_X, *args):
        if self.kept is None:
            self.kept = self.start(self.encode(enc_X, *args), *args)
        return self.decoder(dec_X, self.kept)


class StateKept__rewrite(_Again):
    def forward(self, enc_X, dec_X, *args):
        if "first" not in vars(self):
            vars(self)["first"] = self.decoder.init_state(self.encoder(enc_X, *args), *args)
        return self.decoder(dec_X, vars(self)["first"])


class EncodedTwice(_Right):
    """The encoder is called twice.

    Once is enough: half of the time is wasted, and with dropout both answers differ.
    """

    def forward(self, enc_X, dec_X, *args):
        self.encode(enc_X, *args)
        return super().forward(enc_X, dec_X, *args)


class EncodedTwice__rewrite(_Again):
    def between(self, outputs):
        X, *args = self.encoder.seen[-1]
        return self.encoder(X, *args)
