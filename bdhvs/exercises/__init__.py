"""Programming exercises: a learner's program run apart from everything, and checks that say what to change.

`inmate` and `sandbox` run in the process of the learner's program and know nothing of the rest; `program` starts and
bounds that process; `exercise` and `checks` decide, outside of it, what it was worth.
"""
