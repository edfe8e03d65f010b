"""hw4, text and recurrent networks: a module for each step on the way."""

from autograder.exercises.hw4 import batches, cells, char_rnn, clipping, corpus, embedding, names, rnn, text

EXERCISES = (
    *text.EXERCISES,
    *corpus.EXERCISES,
    *batches.EXERCISES,
    *embedding.EXERCISES,
    *rnn.EXERCISES,
    *cells.EXERCISES,
    *clipping.EXERCISES,
    *char_rnn.EXERCISES,
    *names.EXERCISES,
)
