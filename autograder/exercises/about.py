"""What each homework is: what is built, what one should know before, how long it takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class About:
    """`hours` is how long it takes somebody who has followed the chapter, as from and to."""

    title: str
    builds: str
    needs: str
    hours: tuple[int, int]


ABOUT = {
    "hw1": About(
        "Tensors and autograd",
        "The tensor moves that everything later is made of, gradients by hand and by autograd, operators of your own "
        "with their backward pass, and modules whose parameters are registered, shared and initialised as you say.",
        "Python with classes, matrices, the chain rule. No deep learning yet.",
        (6, 10),
    ),
    "hw2": About(
        "Training",
        "Everything around a model: data sets and minibatches, losses that stay finite, optimizers and their "
        "schedules, training and evaluation, checkpoints that go on where they stopped, and metrics that add up.",
        "hw1; what a gradient step does.",
        (8, 12),
    ),
    "hw3": About(
        "Convolutional networks",
        "Convolution from its definition up to a layer with stride, padding, dilation and groups.",
        "hw1; indexing and broadcasting without loops.",
        (3, 5),
    ),
    "hw4": About(
        "Text and recurrent networks",
        "From a text to numbers: tokens, and a vocabulary that knows what it does not know. Recurrent layers from "
        "their formulas: plain, with gates, with a memory, and minibatches of a text to train them on.",
        "hw1; Python's lists and dictionaries.",
        (3, 5),
    ),
    "hw5": About(
        "Sequence to sequence",
        "Sentences of different lengths in one batch: cutting and padding them, masking what is padding, and a loss "
        "that does not see it.",
        "hw4; cross-entropy.",
        (2, 4),
    ),
    "hw6": About(
        "Attention and Transformers",
        "Attention from the masked softmax to several heads, dot-product and additive, with valid lengths.",
        "hw1 and hw5; matrix products in batches.",
        (3, 6),
    ),
    "hw7": About(
        "BERT, GPT and state-space models",
        "The data that BERT is pre-trained on: pairs of sentences, masked words with their 80/10/10 rule, batches.",
        "hw4 and hw5; random generators that are passed along.",
        (4, 6),
    ),
    "hw8": About(
        "Training on the GPU",
        "A training loop that is right on a GPU: devices, honest timing, mixed precision, accumulation, memory that is "
        "spared, and several devices or processes that train one model. No GPU is needed to do it.",
        "hw2; a module's parameters and buffers.",
        (8, 14),
    ),
    "hw9": About(
        "Transfer learning and multimodal fusion",
        "Using what somebody else has trained: freezing, new heads, learning rates by part, loading what fits; and "
        "ways to join what several kinds of input say.",
        "hw1 and hw2; batch normalization in its two modes.",
        (5, 8),
    ),
}


def about(homework: str) -> About:
    """What the homework is; one that nothing is said of has its name for a title."""
    return ABOUT.get(homework, About(homework, "", "", (0, 0)))
