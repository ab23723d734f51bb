"""Words that a beginner cannot be expected to know, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: To be explained in the stem or options where they are used, up to level 3.
EXPLAIN: Final = (
    "OTP", "VPN", "URL", "IP", "PIN", "API", "cookie", "đám mây", "mã độc", "tường lửa", "hệ điều hành", "băng thông",
    "thuật toán", "siêu dữ liệu", "xác thực hai lớp", "xác thực hai bước", "đồng bộ", "mã hóa", "mạng nơ-ron",
    "học máy", "dữ liệu huấn luyện", "câu lệnh nhắc", "chữ ký số", "deepfake", "chatbot", "podcast", "streaming",
)  # fmt: skip

#: Foreign word (as typed in Vietnamese texts) → what to say.
SAY_INSTEAD: Final[Mapping[str, str]] = {
    "online": "trên mạng, trực tuyến",
    "offline": "khi không có mạng",
    "app": "ứng dụng",
    "apps": "ứng dụng",
    "link": "đường dẫn",
    "file": "tệp",
    "files": "tệp",
    "folder": "thư mục",
    "email": "thư điện tử",
    "password": "mật khẩu",
    "pass": "mật khẩu",
    "upload": "tải lên",
    "download": "tải về",
    "click": "bấm",
    "website": "trang web",
    "update": "cập nhật",
    "backup": "sao lưu",
    "share": "chia sẻ",
    "like": "bấm thích",
    "comment": "bình luận",
    "livestream": "phát trực tiếp",
    "scam": "lừa đảo",
    "hacker": "kẻ xâm nhập",
    "hack": "chiếm quyền",
    "spam": "thư rác",
    "laptop": "máy tính xách tay",
    "smartphone": "điện thoại thông minh",
    "tablet": "máy tính bảng",
}
