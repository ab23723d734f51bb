"""The report on a bank: what is in it (`contents`), and what somebody should look at (`quality`).

::

    found = contents(bank)
    findings = quality(bank, found, load_standards(bank.content, bank.framework, bank.items), date.today())
"""

from __future__ import annotations

from bdhvs.bank.report.contents import Contents, contents
from bdhvs.bank.report.quality import Quality, quality, reading_tables
from bdhvs.bank.report.standards import Standards, load_standards

__all__ = ["Contents", "Quality", "Standards", "contents", "load_standards", "quality", "reading_tables"]
