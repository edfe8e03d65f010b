"""hw5, sequence to sequence: a module for each step on the way."""

from autograder.exercises.hw5 import arrays, attention, corpus, models, scores, seq2seq

EXERCISES = (
    *corpus.EXERCISES,
    *arrays.EXERCISES,
    *seq2seq.EXERCISES,
    *scores.EXERCISES,
    *models.EXERCISES,
    *attention.EXERCISES,
)
