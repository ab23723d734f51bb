"""Adaptive tests: the next item chosen from what a learner has shown so far, under rules a teacher can read.

Start with `session`. Rules are in `rules`, items in `pool`; each rule has a file: `kindness`, `content`, `exposure`, `choice`,
`stopping`; `feasible` says before a form goes live whether the rules can be kept.
"""
