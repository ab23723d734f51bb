"""How the tables came to be: one file a step in ``versions/``, run in order by `bdhvs.store.migrate`."""
