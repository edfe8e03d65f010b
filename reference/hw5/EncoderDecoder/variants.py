"""Other correct EncoderDecoder."""

from torch import nn


class ByDictionary(nn.ModuleDict):
    """A ModuleDict, whose keys are names of modules."""

    def __init__(self, encoder, decoder):
        super().__init__({"decoder": decoder, "encoder": encoder})

    def forward(self, enc_X, dec_X, *args):
        enc_outputs = self["encoder"](enc_X, *args)
        dec_state = self["decoder"].init_state(enc_outputs, *args)
        output, state = self["decoder"](dec_X, dec_state)
        return output, state


class InOneLine(nn.Module):
    def __init__(self, encoder, decoder, **kwargs):
        super().__init__(**kwargs)
        self.encoder, self.decoder = encoder, decoder

    def forward(self, enc_X, dec_X, *args):
        return self.decoder.forward(dec_X, self.decoder.init_state(self.encoder.forward(enc_X, *args), *args))
