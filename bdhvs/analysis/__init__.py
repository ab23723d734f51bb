"""For researchers: answers as pandas frames, pictures with matplotlib. Imported only on request."""

from bdhvs.analysis.frames import responses

__all__ = ["responses"]
