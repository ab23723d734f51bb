"""The quiz in notebooks: thin anywidget classes; the front end in ``static/`` is the one of the class server."""

from bdhvs.widgets.quiz import QuizWidget, quiz

__all__ = ["QuizWidget", "quiz"]
