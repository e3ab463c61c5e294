"""`/quiz`: the questions, the score, the result."""
