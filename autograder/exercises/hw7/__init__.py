"""hw7, BERT, GPT and state-space models: a module for each exercise."""

from autograder.exercises.hw7.encoder import BERTEncoder
from autograder.exercises.hw7.examples import mlm_example
from autograder.exercises.hw7.fine_tuning import truncate_pair
from autograder.exercises.hw7.generating import generate
from autograder.exercises.hw7.gpt import GPT
from autograder.exercises.hw7.gpt_blocks import GPTBlock
from autograder.exercises.hw7.heads import BERTModel, MaskLM, NextSentencePred
from autograder.exercises.hw7.padding import pad_bert_inputs
from autograder.exercises.hw7.pretraining import bert_loss
from autograder.exercises.hw7.replacing import replace_mlm_tokens
from autograder.exercises.hw7.scanning import selective_scan
from autograder.exercises.hw7.segments import get_tokens_and_segments
from autograder.exercises.hw7.sentences import next_sentence
from autograder.exercises.hw7.ssm_blocks import SSMBlock

EXERCISES = (
    get_tokens_and_segments,
    next_sentence,
    replace_mlm_tokens,
    mlm_example,
    pad_bert_inputs,
    BERTEncoder,
    MaskLM,
    NextSentencePred,
    BERTModel,
    bert_loss,
    truncate_pair,
    GPTBlock,
    GPT,
    generate,
    selective_scan,
    SSMBlock,
)
