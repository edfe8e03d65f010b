"""Exercises and an autograder for a deep learning course in PyTorch."""

__version__ = "0.1.0"
