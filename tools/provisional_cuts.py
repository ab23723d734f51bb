"""Write assessments/cut_scores/du-kien.yaml: cuts before there are answers. Usage: python tools/provisional_cuts.py DATE"""

from __future__ import annotations

import sys

from bdhvs.bank.cut_scores import FOLDER
from bdhvs.bank.loader import Bank
from bdhvs.service.bands import PROVISIONAL, provisional_cut_scores

if __name__ == "__main__":
    bank = Bank.load()
    path = bank.content.assessments / FOLDER / f"{PROVISIONAL}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(provisional_cut_scores(bank, sys.argv[1]).as_yaml(), encoding="utf-8", newline="\n")
    print(f"{path}: written")
