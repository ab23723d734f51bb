"""Texts that stand as typed although they are also Telex or VNI keys.

How they were chosen
--------------------
`WORDS_WITH_DOUBLE_O`: the few Vietnamese words with a long o and no other mark
(xoong, a pot; boong, a deck). The Telex key oo would turn them into xông, bông.
Words such as goòng, moóc, voọc, soóc carry a mark, so they are never taken for
keys. Left out on purpose are coong, toong, loong: as sounds of bells they are
rare, as keys for công, tông, lông they are daily bread.

`ENGLISH_WORDS`: frequent English words (from a look through the commonest 2,300
of up to four letters, and longer ones by hand) and words of everyday technology
whose letters also spell a syllable in Telex: "taxi" tãi, "max" mã, "has" há. A
handful more (fax, wifi) spell no syllable today and stand here so that the list
does not lean on that.

`CODES`: things named by letters and digits that VNI could read: paper A4,
licence A1, petrol E5, gases, sound files, mobile networks.

A word of the first list is kept as typed wherever it stands. An entry of the
other two counts only when it is the *whole* answer: "max" is not "mã", but
nobody means anything but "mã OTP" by "max OTP", or "tất cả" by "taats car".
All are in small letters.
"""

from typing import Final

WORDS_WITH_DOUBLE_O: Final = frozenset({"xoong", "boong"})

_ENGLISH: Final = """
    aims air ajax ar arm arms art arts as ask asp aws bar bark bars bee beef been beer bees
    best bets bits boo book books boom boot boots born bots bow box burn bus buys cans caps
    car cars cart cast cats chair chans chaos char charm chart charts chats cheek cheer chef
    chefs chest chips coax coco cook coop core corn cost cow cows cox cuts dad dams dark
    data days ddos deed deep deer desk did dips disk docs does doom door dots down dust ems
    ex fax few fix food for fox free full gas geek gets gif gifs gift goes good guns guys
    hair hams harm has hats her here hero hips his hist hits hoax hook hoop horn horse host
    how hums hurt if ins ips is its keen keep keeps kings laos laps last law laws lax lays
    lee left lets lift lips lisa list longs look looks loon loop lose lost lots low lux macs
    mama maps mar mark mars mart mats max meet meets mens mics mist mix moms mono moon moons
    more most moto must mux nas nest nets new next noon nor nose now nuts of off ons oops or
    os own ox pair papa park part parts past pays peek peer pens per pets photo pics pins
    pix poor port ports pos post puts queen raj rams raw rays reef rest rex rings risk roms
    roof roofs room rooms root roots rose row rows runs rust sara sars saw sax says see seek
    seen sees sets sex show sings sir sis six soft songs sons soon sort sorts sos sow surf
    tar task tax taxi tee teen teens tees tens term terms test tex text texts there these
    things thirst this thor those thus tics tips tons too took toot tops tow town tree trees
    trust turf turn two ups us usa vest view visa war warm was wax web wifi win wins won
    work worst wow xerox
"""

_CODES: Final = """
    a0 a1 a2 a3 a4 a5 a6 a7 a8 a10 e1 e2 e3 e5 e10 i3 i5 i7 i9 u19 u22 u23 co2 h2o no2 o2 o3 so2
    2g 3g 4g 5g mp3 mp4 usb2 usb3 ipv4 ipv6 b1 b2 c1 c2 d1 d2 g7 g20 k12 m2 m3
"""

ENGLISH_WORDS: Final = frozenset(_ENGLISH.split())
CODES: Final = frozenset(_CODES.split())
LISTED_WORDS: Final = WORDS_WITH_DOUBLE_O | ENGLISH_WORDS | CODES
