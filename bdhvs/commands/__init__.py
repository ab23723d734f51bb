"""The commands of ``bdhvs``, one file each; `bdhvs.cli` only lists them."""
