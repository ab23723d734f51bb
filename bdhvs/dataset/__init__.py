"""Research datasets: answers on their way to other programs, as partitioned Parquet with a dictionary, without names."""
