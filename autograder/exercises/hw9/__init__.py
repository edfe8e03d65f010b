"""hw9, transfer learning and multimodal fusion: two files, several modules for each."""

from autograder.exercises.hw9 import fusion, heads, lit, products, transfer

EXERCISES = (
    transfer.param_groups,
    transfer.freeze_except,
    heads.replace_head,
    heads.load_pretrained,
    lit.LitClassifier,
    fusion.ConcatenationFusion,
    fusion.WeightedFusion,
    fusion.ElementWiseFusion,
    products.TensorFusion,
    fusion.AttentionFusion,
    products.HighOrderFusion,
    products.MultiModalNet,
)
