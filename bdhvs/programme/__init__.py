"""The movement's plans and places, how well a number of people measured stands for a population, and an invented province.

Plain Python and numpy; frames and pictures of the same are in `bdhvs.analysis`.
"""
