"""Data other people published, small enough to stand here, and some made-up pairs. Where each table was checked is said beside it."""

from __future__ import annotations

#: G. A. Colditz et al. (1994), JAMA 271, 698–702: tuberculosis yes/no of vaccinated, yes/no of others, latitude, year. Checked row by
#: row against `dat.bcg` (dat.colditz1994) of the R package metadat as printed at metafor-project.org, analyses:vanhouwelingen2002.
BCG = [
    [4, 119, 11, 128, 44, 1948],
    [6, 300, 29, 274, 55, 1949],
    [3, 228, 11, 209, 42, 1960],
    [62, 13536, 248, 12619, 52, 1977],
    [33, 5036, 47, 5761, 13, 1973],
    [180, 1361, 372, 1079, 44, 1953],
    [8, 2537, 10, 619, 19, 1973],
    [505, 87886, 499, 87892, 13, 1980],
    [29, 7470, 45, 7232, 27, 1968],
    [17, 1699, 65, 1600, 42, 1961],
    [186, 50448, 141, 27197, 18, 1974],
    [5, 2493, 3, 2338, 33, 1969],
    [27, 16886, 29, 17825, 33, 1976],
]

#: P. E. Shrout, J. L. Fleiss (1979), Psychological Bulletin 86, 420–428, table 2: 6 targets × 4 judges. The same six rows are the
#: example `sf` of ICC in the R package psych.
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]

#: P. J. Bickel, E. A. Hammel, J. W. O'Connell (1975), Science 187, 398–404: admitted and rejected men, admitted and rejected women, by
#: department; as `UCBAdmissions` of R's datasets has them.
BERKELEY = [
    [512, 313, 89, 19],
    [353, 207, 17, 8],
    [120, 205, 202, 391],
    [138, 279, 131, 244],
    [53, 138, 94, 299],
    [22, 351, 24, 317],
]

#: made up: a result before and one after of twelve learners
PAIRS = (
    [0.2, -1.1, 0.7, 1.3, -0.4, 0.0, 2.1, -0.8, 0.5, -1.9, 1.0, 0.3],
    [0.9, -0.6, 0.6, 1.9, 0.4, 0.1, 2.0, 0.3, 1.4, -0.7, 1.1, 0.2],
)

#: made up: before, after, and their standard errors
TWICE_MEASURED = ([0.0, 1.0, -0.5, 2.0], [1.4, 0.9, 0.6, 0.2], [0.4, 0.5, 0.3, 0.6], [0.5, 0.4, 0.35, 0.55])
