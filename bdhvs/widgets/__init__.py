"""The quiz in notebooks: thin anywidget classes; the front end in ``static/`` is the one of the class server.

Nothing is imported here: the server reads `bdhvs.widgets.strings` and has no use for Jupyter.
"""
