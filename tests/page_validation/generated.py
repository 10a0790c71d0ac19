"""Data that differs in all that a printed form can differ in: the same for the same seed."""

import random
from pathlib import Path

# Characters that every font of the project has: the sample's own text, so none is missing.
UNITS = ["次", "个", "万元", "人", "元/公里", "平方米", "km²", "%", "户", "人次", "万元/年·村"]
LATIN = ["G109国道", "PM2.5", "ISO9001", "App", "Wi-Fi", "COVID-19", "5G", "e-mail", "GB/T 9704-2012"]
FIGURES = ["2次", "≥95%", "100%", "8,827,620.53元", "1234.56万元/公里", "12个月", "2023年", "1:500", "±0.5"]
MARKS = ["，", "。", "、", "；", "：", "“甲”", "（乙）", "《丙》", "——", "……", "·", "！", "？", "／"]

REQUIRED = [
    "数量指标",
    "质量指标",
    "时效指标",
    "成本指标",
    "社会效益指标",
    "经济效益指标",
    "生态效益指标",
    "可持续影响指标",
    "服务对象满意度指标",
]


def characters(root: Path) -> str:
    """The Han characters of the sample data."""
    text = "".join(path.read_text("utf-8") for path in sorted(root.rglob("*.toml")))
    return "".join(sorted({c for c in text if "\u4e00" <= c <= "\u9fff"}))


class Writer:
    """Writes data files with texts of all lengths and kinds."""

    def __init__(self, han: str, seed: int) -> None:
        self.han = han
        self.random = random.Random(seed)
        self.names = set()

    def text(self, length: int) -> str:
        """About so many characters: Han, figures, units, Latin words, punctuation."""
        parts, have = [], 0
        while have < length:
            kind = self.random.random()
            if kind < 0.72:
                part = "".join(self.random.choices(self.han, k=self.random.randint(1, 6)))
            elif kind < 0.82:
                part = self.random.choice(FIGURES)
            elif kind < 0.88:
                part = self.random.choice(LATIN)
            else:
                part = self.random.choice(MARKS)
            parts.append(part)
            have += len(part)
        return "".join(parts)

    def name(self, most: int) -> str:
        """A text that was not given before."""
        while (name := self.text(self.random.randint(2, most))) in self.names:
            pass
        self.names.add(name)
        return name

    def value(self, most: int) -> str:
        """What an indicator is to reach: mostly short, with a figure in it."""
        if self.random.random() < 0.7:
            return f"{self.random.randint(1, 99999)}{self.random.choice(UNITS)}"
        return self.random.choice(FIGURES) + self.text(self.random.randint(0, most))

    def project(self, rows: int, most: int, goal: int) -> str:
        """One project: at most so many indicators a kind, texts up to a length."""
        amounts = [self.random.choice(["0", "22", "0.5", "123456.789", "8827620.53"]) for _ in "ab"]
        lines = [
            f'"项目名称" = {quoted(self.name(min(most, 60)))}',
            '"项目属性" = "0101-一年期项目"',
            '"项目期" = "1年"',
            f'"年度总体目标" = {quoted(self.text(goal))}',
            "",
            '["项目资金"]  # 万元',
            f'"财政拨款" = {amounts[0]}',
            f'"其他资金" = {amounts[1]}',
        ]
        for kind in REQUIRED:
            lines += ["", f'["{kind}"]']
            for _ in range(self.random.randint(1, rows)):
                lines.append(f"{quoted(self.name(most))} = {quoted(self.value(most // 3))}")
        return "\n".join(lines) + "\n"

    def department(self, folder: Path, number: int, projects: list[str]) -> None:
        """A department's folder."""
        folder = folder / f"{number:03}-单位{number}"
        folder.mkdir(parents=True)
        about = {
            "主管部门": f"单位{number}" + self.text(self.random.randint(0, 12)),
            "代码": f"{number:03}",
            "实施单位": f"单位{number}" + self.text(self.random.randint(0, 30)),
        }
        lines = [f'"{key}" = {quoted(value)}\n' for key, value in about.items()]
        (folder / "部门.toml").write_text("".join(lines), "utf-8")
        for index, project in enumerate(projects, 1):
            (folder / f"{index:02}-项目{index}.toml").write_text(project, "utf-8")


def quoted(text: str) -> str:
    """A text as TOML writes it. None of the characters used here needs an escape."""
    assert not set(text) & set('"\\\n'), text
    return f'"{text}"'


def varied(root: Path, han: str, departments: int) -> None:
    """A year with so many departments of one to three projects."""
    writer = Writer(han, 20230101)
    for number in range(1, departments + 1):
        most = writer.random.choice([4, 12, 30, 80, 300])
        rows = writer.random.choice([1, 1, 2, 3, 6])
        goal = writer.random.choice([0, 20, 150, 300, 600])
        projects = [writer.project(rows, most, goal) for _ in range(writer.random.randint(1, 3))]
        writer.department(root / "data" / "2023", number, projects)


def long(root: Path, han: str) -> None:
    """One form over many pages, with a cell that no page can hold."""
    writer = Writer(han, 20230102)
    writer.department(root / "data" / "2023", 1, [writer.project(12, 120, 3000)])
