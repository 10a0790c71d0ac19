"""Prints files of every kind and holds each against PDF/A and PDF/UA.

usage: check.py <program> <folder for the files>
"""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import page

import generated

ROOT = Path(__file__).resolve().parents[2]
VARIED = 50
# The standards a kind of file says that it keeps, and must.
USUAL = (page.ValidationProfile.PDF_A_2A, page.ValidationProfile.PDF_UA_1)
WITH_FILES = (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1)


def run(program: Path, *arguments: object, status: int = 0) -> None:
    """Runs the program, which must end with this status."""
    command = [str(program), *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if result.returncode != status:
        sys.exit(f"{' '.join(command)}\nended with {result.returncode}\n{result.stderr[-4000:]}")


def print_files(program: Path, folder: Path) -> list[tuple[Path, tuple]]:
    """Prints a file of every kind; returns each with its standards."""
    sample = ["render", "-C", ROOT, "--quiet", "-o"]
    files = []

    def add(name: str, *arguments: object, standards: tuple = USUAL, status: int = 0) -> None:
        run(program, *arguments, status=status)
        files.append((folder / name, standards))

    add("sample.pdf", *sample, folder / "sample.pdf")
    add("plain.pdf", *sample, folder / "plain.pdf", "--no-compress")
    add("summary.pdf", *sample, folder / "summary.pdf", "--summary")
    embedded = [*sample, folder / "embedded.pdf", "--embed-source"]
    add("embedded.pdf", *embedded, standards=WITH_FILES)

    changed = folder / "changed"
    shutil.copytree(ROOT / "data", changed / "data")
    change(changed)
    comparison = ["diff", ROOT / "data", changed / "data", "-C", ROOT, "--quiet", "--format", "pdf"]
    add("comparison.pdf", *comparison, "-o", folder / "comparison.pdf", status=1)

    han = generated.characters(ROOT / "data")
    generated.varied(folder / "varied", han, VARIED)
    varied = ["render", "-C", folder / "varied", "--quiet", "-o"]
    run(program, *varied, folder / "forms")
    forms = sorted((folder / "forms").rglob("*.pdf"))
    if len(forms) != VARIED:
        sys.exit(f"{len(forms)} files for {VARIED} departments")
    files += [(form, USUAL) for form in forms]
    # Combined has the summary in front, with a link to each form.
    add("combined.pdf", *varied, folder / "combined.pdf", "--combined")

    generated.long(folder / "long", han)
    add("long.pdf", "render", "-C", folder / "long", "--quiet", "-o", folder / "long.pdf")
    return files


def change(root: Path) -> None:
    """Changes the sample data in every way that the comparison names."""
    projects = sorted(path for path in root.rglob("*.toml") if path.name != "部门.toml")
    projects[0].unlink()
    text = projects[1].read_text("utf-8")
    projects[2].with_name("99-新增.toml").write_text(re.sub(r'(?<="项目名称" = )"', '"新', text, 1), "utf-8")
    for path in projects[2:]:
        text = path.read_text("utf-8")
        text = re.sub(r'("财政拨款" = )', r"\g<1>1", text)
        path.write_text(text.replace("100%", "98%").replace("村", "社区", 3), "utf-8")


def failures(pdf: bytes, standards: tuple) -> list[str]:
    """What a file is not as its standards ask."""
    found = []
    for standard in standards:
        try:
            report = page.validate_pdf_bytes(pdf, profile=standard)
        except page.PageError as error:
            found.append(f"{standard.value}: not readable: {error}")
            continue
        found += [f"{standard.value}: {each.rule_id} {each.message}" for each in report.failures]
        if not report.is_compliant and not report.failures:
            found.append(f"{standard.value}: not compliant")
    return found


def damaged(plain: bytes) -> list[tuple[str, bytes]]:
    """The same file, broken on purpose: each must be refused. No change moves anything."""
    changes = [
        ("another part of PDF/A", b"<pdfaid:part>2<", b"<pdfaid:part>3<"),
        ("no part of PDF/UA", b"<pdfuaid:part>1<", b"<pdfuaid:part>7<"),
        ("another title in the metadata", b"<dc:title>", b"<dc:tytle>"),
        ("no language", b"/Lang(zh-CN)", b"/Lung(zh-CN)"),
        ("not marked as tagged", b"/Marked true", b"/Murked true"),
        ("no title shown", b"/DisplayDocTitle true", b"/DisplayDocTytle true"),
        ("no structure", b"/StructTreeRoot ", b"/StructTreeRuut "),
        ("an unknown kind of structure", b"/S/TD", b"/S/TX"),
        ("a cell outside a row", b"/S/TR", b"/S/TD"),
        ("cells over each other", b"/ColSpan 2", b"/ColSpan 9"),
        ("text without characters", b"/ToUnicode ", b"/ToUnicade "),
        ("a font that is not there", b"/FontFile2 ", b"/FontFyle2 "),
        ("data that is longer than it says", b"\nendstream", b" endstream"),
    ]
    files = []
    for what, old, new in changes:
        if old not in plain:
            sys.exit(f"cannot damage the file: {old!r} is not in it")
        files.append((what, plain.replace(old, new)))
    # As if the data ended with a carriage return, with the line feed of the file behind it.
    files.append(("a line end within the data", re.sub(rb"[^\r\n](?=\nendstream)", b"\r", plain)))
    return files


def main() -> None:
    program, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    started = time.monotonic()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    files = print_files(program, folder)
    printed = time.monotonic()

    failed = 0
    for path, standards in files:
        found = failures(path.read_bytes(), standards)
        failed += bool(found)
        for each in found[:10]:
            print(f"{path.relative_to(folder)}: {each}")
        if len(found) > 10:
            print(f"{path.relative_to(folder)}: and {len(found) - 10} more")

    # A checker that finds nothing in these would find nothing in ours either.
    plain = (folder / "plain.pdf").read_bytes()
    broken = damaged(plain)
    unseen = [what for what, pdf in broken if not failures(pdf, USUAL)]
    for what in unseen:
        print(f"the checker does not see the damage: {what}")

    print(f"{len(files) - failed} passed, {failed} failed")
    print(f"{len(broken) - len(unseen)} of {len(broken)} files damaged on purpose were refused")
    checked = time.monotonic()
    print(f"printed in {printed - started:.1f} s, checked in {checked - printed:.1f} s")
    if failed or unseen:
        sys.exit(1)


if __name__ == "__main__":
    main()
