"""hw4, text and recurrent networks: a module for each step on the way."""

from autograder.exercises.hw4 import cells, char_rnn, corpus, names, rnn, text

EXERCISES = (
    *text.EXERCISES,
    *corpus.EXERCISES,
    *rnn.EXERCISES,
    *cells.EXERCISES,
    *char_rnn.EXERCISES,
    *names.EXERCISES,
)
