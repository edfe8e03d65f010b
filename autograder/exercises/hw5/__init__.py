"""hw5, sequence to sequence: a module for each step on the way."""

from autograder.exercises.hw5 import arrays, attention, corpus, loading, models, scores, seq2seq, translating

EXERCISES = (
    *corpus.EXERCISES,
    *arrays.EXERCISES,
    *loading.EXERCISES,
    *seq2seq.EXERCISES,
    *scores.EXERCISES,
    *models.EXERCISES,
    *attention.EXERCISES,
    *translating.EXERCISES,
)
