"""The steps, one file each, named ``r<number>_<what_changed>.py``. A step that was shipped does not change any more."""
