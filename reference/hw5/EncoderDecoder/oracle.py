"""EncoderDecoder with the steps in methods of their own."""

from torch import nn


class EncoderDecoder(nn.Module):
    def __init__(self, encoder, decoder):
        super().__init__()
        for name, module in (("encoder", encoder), ("decoder", decoder)):
            self.add_module(name, module)

    def encode(self, enc_X, args):
        return self.decoder.init_state(self.encoder(enc_X, *args), *args)

    def forward(self, enc_X, dec_X, *args):
        state = self.encode(enc_X, args)
        return self.decoder(dec_X, state)
