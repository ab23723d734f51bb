"""A practised screen as a small machine: what an author writes (`model`), what it does (`machine`), what can be reached
(`search`), what it is worth (`evidence`), how it is said (`words`) and what a browser gets of it (`face`)."""
