"""Reports and sheets of any size, made by hand."""

from __future__ import annotations

from dataclasses import replace

from bdhvs.service.class_changes import Change
from bdhvs.service.class_levels import ClassLevels, LevelLine, PersonLevels
from bdhvs.service.class_report import Attendance, ClassReport
from bdhvs.service.domain_lines import DomainLine
from bdhvs.service.hard_items import HardItem
from bdhvs.service.learner_sheet import LearnerSheet, SheetDomain
from bdhvs.service.practised import PractisedTask
from bdhvs.service.results import LessonLink
from bdhvs.service.visits import Visit

MADE_US = 1_795_320_000_000_000  # 2026-11-22 04:00 UTC, 11:00 in Vietnam
START_US = MADE_US - 3 * 3_600_000_000
LONG = "Một câu rất dài về chuyện nộp hồ sơ qua mạng, kể lại đầy đủ từng bước một. " * 12


def report(
    people: int = 3, *, names: list[str] | None = None, hard: int = 5, stem: str = "Ông nên làm gì?", lang: str = "en"
) -> ClassReport:
    """A report of a class of so many people, all seven domains, so many hard items."""
    called = names or [f"Nguyễn Thị Hòa {n}" for n in range(1, people + 1)]
    return ClassReport(
        name="Lớp thôn Đoài, xã Tân Lập",
        code="K7M2PX",
        opened_us=START_US,
        closed_us=None,
        lang=lang,
        attendance=tuple(
            Attendance(name, START_US, START_US + 60_000_000, START_US + 3_660_000_000, 12, 9, 1) for name in called
        ),
        domains=tuple(
            DomainLine(str(n), "Giao tiếp và hợp tác trong môi trường số", 9, 2, 4, 3, 8, 5, 0.3057, 0.8632) for n in range(7)
        ),
        hardest=tuple(
            HardItem(f"cau-{n}", "4.2 Bảo vệ dữ liệu", stem, 8, 2, "Đọc mã cho người gọi", 5, stem, ("An toàn số",))
            for n in range(hard)
        ),
        lessons=("An toàn trước lừa đảo",),
        visits=(Visit(called[0], ("stopped before handing in",)),),
        levels=ClassLevels("No level is named: nobody knows yet how hard the tasks are."),
    )


def levelled(one: ClassReport) -> ClassReport:
    """The report of a class with levels."""
    columns = ("not yet Basic", "Basic", "Intermediate", "Advanced", "not enough evidence")
    counts = (1, 2, 3, 0, len(one.attendance))
    lines = tuple(LevelLine(str(n), "Giao tiếp và hợp tác trong môi trường số", counts) for n in range(1, 7))
    said = ("Basic, alone", "at least Basic", "not enough evidence", "Intermediate", "no task yet", "not yet Basic")
    people = tuple(PersonLevels(there.name, said) for there in one.attendance)
    return replace(one, levels=ClassLevels("A level is named when it is sure to 80 in 100 at least.", columns, lines, people))


def changed(one: ClassReport) -> ClassReport:
    """The report of a class in which the teacher took a question out, and people helped others."""
    said = "The teacher took out of all results: “Ông nên làm gì?”. Reason: đáp án in sai"
    helped = "3 people of the class have helped at least 5 others, each confirmed."
    return replace(one, changes=(Change(MADE_US, "Thử sức số", said),), movement=(helped,))


def with_own_view(one: ClassReport) -> ClassReport:
    """The report of a class that overrates itself: as many sentences, and as long ones, as there can be."""
    many = (
        "Many people think they can do it alone, but it does not go yet: of 40 who said so, 31 did fewer than half of the tasks of something alone. "
        "That is usual and nobody's fault. Let them try first, then explain."
    )
    return replace(one, own_view=(many, "Most of all at: Giao tiếp và hợp tác trong môi trường số.", many, many))


def sheet(name: str = "Bác Năm", lang: str = "en") -> LearnerSheet:
    """A result sheet with something in each domain but the last."""
    done = [SheetDomain(str(n), "Ứng dụng trí tuệ nhân tạo", n, 1, 2) for n in range(1, 6)]
    return LearnerSheet(
        name=name,
        class_name="Lớp thôn Đoài",
        lang=lang,
        summary="You did 20 of 30 tasks.",
        bands="A level is named only where the tasks done show it surely enough.",
        notice="This result is for your learning. It is not the state's confirmation on VNeID.",
        domains=(*done, SheetDomain("6", "Ứng dụng trí tuệ nhân tạo", 0, 0, 0)),
        next=(LessonLink("An toàn trước lừa đảo lấy mã OTP", "/bai/otp", ("4.2",), "vi"),),
        guidance="Helped 5 people who did it with their own hands, confirmed by them. This is evidence of guiding others: "
        "5.4 Tự xác định nhu cầu nâng cao năng lực số.",
    )


def practising(one: ClassReport, tasks: int = 17) -> ClassReport:
    """The report of a class that did so many simulations."""
    return replace(
        one,
        practised=tuple(
            PractisedTask(f"may-{n}", "4.2", LONG[:150], 9, 4, 2, 3, 1, ((1, 2), (3, 4))) for n in range(tasks)
        ),
    )
