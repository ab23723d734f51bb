"""Simulated learners before a real class: for a teacher who practises, and for the doctor's trial.

They stand where phones stand: a class is a process of its own, and all they know came over its address. This package
may not import the bank, the service or the store (``tests/test_layers.py``), so no key can find its way in.
"""
