"""hw9, transfer learning and multimodal fusion: two files, several modules for each."""

from autograder.exercises.hw9 import heads, lit, transfer

EXERCISES = (
    transfer.param_groups,
    transfer.freeze_except,
    heads.replace_head,
    heads.load_pretrained,
    lit.LitClassifier,
)
