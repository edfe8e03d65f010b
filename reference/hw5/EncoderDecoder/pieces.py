"""Two correct networks that mistakes build on: `Right` by methods, `Again` in another style."""

from torch import nn


class Right(nn.Module):
    """A correct module, of which each mistake changes one step."""

    def __init__(self, encoder, decoder):
        super().__init__()
        self.keep(encoder, decoder)

    def keep(self, encoder, decoder):
        self.encoder = encoder
        self.decoder = decoder

    def encode(self, enc_X, *args):
        return self.encoder(enc_X, *args)

    def start(self, enc_outputs, *args):
        return self.decoder.init_state(enc_outputs, *args)

    def answer(self, output, state):
        return output, state

    def forward(self, enc_X, dec_X, *args):
        return self.answer(*self.decoder(dec_X, self.start(self.encode(enc_X, *args), *args)))


class Again(nn.Module):
    """The same in one method that notes its steps by name."""

    def __init__(self, encoder, decoder):
        nn.Module.__init__(self)
        self.add_module("encoder", encoder)
        self.add_module("decoder", decoder)

    def forward(self, enc_X, dec_X, *args):
        read, write = self.encoder, self.decoder
        state = write.init_state(self.between(read(*self.for_encoder(enc_X, args))), *self.for_state(args))
        return self.finish(write(dec_X, state))

    def for_encoder(self, enc_X, args):
        return (enc_X, *args)

    def for_state(self, args):
        return args

    def between(self, outputs):
        return outputs

    def finish(self, both):
        return both
