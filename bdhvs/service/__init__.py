"""The room with the keys: the only place that marks answers and writes them."""
