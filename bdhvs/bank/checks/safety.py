"""Rules that keep real brands, people and claims out of invented stories."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bdhvs.bank.checks.rule import Finding, Rule
from bdhvs.bank.checks.texts import texts_of, words_folded
from bdhvs.bank.loader import Bank
from bdhvs.core.items.base import Item

#: Names of products and firms. A skill outlives them; and we favour none.
BRANDS: Final = (
    "Zalo", "Facebook", "Messenger", "Google", "Gmail", "YouTube", "TikTok", "Instagram", "Telegram", "WhatsApp",
    "Viber", "Twitter", "Skype", "Zoom", "Teams", "Momo", "ZaloPay", "ViettelPay", "VNPay", "ShopeePay", "Shopee",
    "Lazada", "Tiki", "Sendo", "Amazon", "Grab", "Be", "Gojek", "ChatGPT", "Gemini", "Copilot", "Claude", "Siri",
    "Alexa", "Cốc Cốc", "Chrome", "Safari", "Firefox", "Windows", "Android", "iPhone", "iOS", "Samsung", "Oppo",
    "Xiaomi", "Microsoft", "Word", "Excel", "PowerPoint", "Canva", "Photoshop", "CapCut", "Viettel", "Vinaphone",
    "Mobifone", "Vietcombank", "VietinBank", "BIDV", "Agribank", "Techcombank", "MB Bank", "Sacombank", "VPBank",
    "ACB", "TPBank",
)  # fmt: skip
#: Brand names that are also everyday words; they count only when written with a capital inside a sentence.
_ALSO_WORDS: Final = {"Be", "Word", "Teams", "Excel", "Amazon", "Safari", "Grab", "Momo", "Windows", "Zoom"}

_BRAND = re.compile(f" ({'|'.join(re.escape(one.lower()) for one in BRANDS if one not in _ALSO_WORDS)}) ")
_BRAND_WITH_CAPITAL = re.compile(rf"(?<=[\w,:] )({'|'.join(sorted(_ALSO_WORDS))})\b")
_NUMBER = re.compile(r"(?<![\w.,/])\+?\d(?:[ .-]?\d){7,}(?![\w/]|[.,]\d)")
_INVENTED = re.compile(r"0900000\d{3}|(\d)\1{7,}|0{3}\d*|\d*0{6,}\d{0,3}")
_MONEY = re.compile(r"\d{1,3}(?:\.\d{3})+")  # 12.500.000
_MONEY_WORD = re.compile(r"\s*(?:đồng|đ\b|dong|VND|VNĐ)", re.I)
_ADDRESS = re.compile(r"(?<![\w-])(?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,}(?![\w-])", re.I)
_ENDINGS: Final = frozenset(
    ("vn", "com", "net", "org", "info", "edu", "gov", "io", "app", "me", "co", "xyz", "top", "shop", "online", "site")
)
_OWN_ADDRESSES: Final = ("vidu.vn", "example.com", "example.org", "example.net", "gov.vn")

_LAW = re.compile(
    r"theo (?:quy định của )?(?:pháp )?luật|\bnghị định\b|\bthông tư\b|\bluật (?:an|bảo|giao|sở|căn|công|dân|hình|viễn)"
    r"|\bbị phạt\b|\bphạt tiền\b|\bby law\b|\bdecree\b|\bcircular\b",
    re.I,
)
_STATISTIC = re.compile(r"\d\s?(?:%|phần trăm)\s*(?:số\s+)?(?:người|dân|trẻ|hộ|học sinh|vụ|cuộc|doanh nghiệp)", re.I)


def _brand(item: Item, bank: Bank) -> Iterator[Finding]:
    for one in texts_of(item):
        found = _named(one.text.vi) or _named(one.text.en or "")
        if found:
            message = f'found the brand "{found}"; say what it is for: "ứng dụng nhắn tin", "ví điện tử"'
            yield Finding(message, one.where)


def _named(text: str) -> str | None:
    """The first brand a text names."""
    if found := _BRAND.search(words_folded(text)):
        return next(name for name in BRANDS if name.lower() == found[1])
    return found[1] if (found := _BRAND_WITH_CAPITAL.search(text)) else None


def _real_number(item: Item, bank: Bank) -> Iterator[Finding]:
    for one in texts_of(item):
        text = one.text.vi + "\n" + (one.text.en or "")
        for found in _NUMBER.finditer(text):
            digits = re.sub(r"\D", "", found[0])
            money = _MONEY.fullmatch(found[0].strip()) or _MONEY_WORD.match(text, found.end())
            if not money and not _INVENTED.fullmatch(digits):
                message = f'"{found[0].strip()}" could be somebody\'s number; use 0900 000 123 or x for digits'
                yield Finding(message, one.where)
                break


def _real_address(item: Item, bank: Bank) -> Iterator[Finding]:
    for one in texts_of(item):
        for found in _ADDRESS.findall(one.text.vi + "\n" + (one.text.en or "")):
            address = found.lower()
            ours = any(address == own or address.endswith("." + own) for own in _OWN_ADDRESSES)
            if address.rpartition(".")[2] in _ENDINGS and not ours:
                yield Finding(f'"{found}" could be a real address; use vidu.vn or a name ending in .example', one.where)
                break


def _source_needed(item: Item, bank: Bank) -> Iterator[Finding]:
    if item.sources:
        return
    for one in texts_of(item):
        text = one.text.vi + "\n" + (one.text.en or "")
        if found := _LAW.search(text) or _STATISTIC.search(text):
            yield Finding(f'"{found[0]}" claims a fact; name its source under sources', one.where)
            return


RULES = (
    Rule("brand", "warning", "A skill outlives products, and we favour none.", _brand),
    Rule("real_number", "warning", "A number that could be real will be called, or tried.", _real_number),
    Rule("real_address", "warning", "An address that could be real will be visited.", _real_address),
    Rule("source_needed", "warning", "What is said about law or people in numbers can be looked up.", _source_needed),
)
