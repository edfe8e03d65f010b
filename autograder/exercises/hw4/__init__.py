"""hw4, text and recurrent networks: a module for each step on the way."""

from autograder.exercises.hw4 import batches, cells, clipping, corpus, embedding, rnn, text

EXERCISES = (
    *text.EXERCISES,
    *corpus.EXERCISES,
    *batches.EXERCISES,
    *embedding.EXERCISES,
    *rnn.EXERCISES,
    *cells.EXERCISES,
    *clipping.EXERCISES,
)
