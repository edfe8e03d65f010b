"""hw6, attention and Transformers: a module for each exercise."""

from autograder.exercises.hw6.decoder import TransformerDecoder
from autograder.exercises.hw6.decoder_block import DecoderBlock
from autograder.exercises.hw6.dot_product import DotProductAttention
from autograder.exercises.hw6.encoder import TransformerEncoder
from autograder.exercises.hw6.encoder_block import EncoderBlock
from autograder.exercises.hw6.language_model import TransformerLM
from autograder.exercises.hw6.masks import causal_mask, padding_mask
from autograder.exercises.hw6.multi_head import MultiHeadAttention
from autograder.exercises.hw6.parts import AddNorm, PositionWiseFFN
from autograder.exercises.hw6.positions import PositionalEncoding
from autograder.exercises.hw6.softmax import masked_softmax

EXERCISES = (
    causal_mask,
    padding_mask,
    masked_softmax,
    DotProductAttention,
    MultiHeadAttention,
    PositionalEncoding,
    PositionWiseFFN,
    AddNorm,
    EncoderBlock,
    DecoderBlock,
    TransformerEncoder,
    TransformerDecoder,
    TransformerLM,
)
