"""The two numbers that bands and levels stand on, in one place. Needs nothing but Python."""

from __future__ import annotations

from typing import Final

#: "Can do it": two tasks in three like these. At a level's cut its average item is answered right with this probability.
#: The usual choice for mapping items (Mitzel, Lewis, Patz, Green 2001, The bookmark procedure, in G. J. Cizek, Setting
#: performance standards). A convention, not a law: another one moves the cuts of a bank up or down, and panels do not make up
#: for it (Baldwin, Margolis, Clauser, Mee, Winward 2019, Educational Measurement: Issues and Practice). So it is stored
#: beside every cut.
RESPONSE_PROBABILITY: Final = 0.67

#: How probable a statement must be before it is made about a person.
CERTAINTY: Final = 0.8
