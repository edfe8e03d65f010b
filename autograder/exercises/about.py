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
        "Convolution from its definition up to a layer with stride, padding, dilation and groups; layers that pool and "
        "normalise; and the networks that are made of them: LeNet, AlexNet, VGG.",
        "hw1; indexing and broadcasting without loops.",
        (5, 8),
    ),
    "hw4": About(
        "Text and recurrent networks",
        "From a text to numbers: tokens, and a vocabulary that knows what it does not know. Recurrent layers from "
        "their formulas: plain, with gates, with a memory. A character RNN that is trained and writes, and names that "
        "are read and written letter by letter.",
        "hw1; Python's lists and dictionaries; a training loop.",
        (6, 10),
    ),
    "hw5": About(
        "Sequence to sequence",
        "Machine translation from the text to the translation: sentences of different lengths in one batch, a loss "
        "that does not see their padding, encoder and decoder, attention, training with a teacher, greedy and beam "
        "search.",
        "hw4; cross-entropy; what a GRU reads and gives.",
        (7, 11),
    ),
    "hw6": About(
        "Attention and Transformers",
        "Attention from the masked softmax to several heads, and around it a Transformer: positions, encoder and "
        "decoder blocks, a decoder that writes step by step, a language model.",
        "hw1 and hw5; matrix products in batches.",
        (8, 14),
    ),
    "hw7": About(
        "BERT, GPT and state-space models",
        "BERT from its data to its use: pairs of sentences, masked words with their 80/10/10 rule, the encoder and its "
        "two heads, the loss of pre-training, and a classifier that is fine-tuned. A GPT that writes token by token, "
        "and a state-space block.",
        "hw4, hw5 and hw6; random generators that are passed along.",
        (8, 13),
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
