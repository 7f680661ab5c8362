"""Words as vectors: the built-in table or GloVe, similar words, and arithmetic with them."""
