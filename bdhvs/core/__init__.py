"""Pure rules of assessment: no files, network, clock, Jupyter or pandas; time, seed and texts are arguments."""
