"""Prints documents with the `typst` package from PyPI, as a program in Python would: one process,
one compiler, and for each document another `data.json`.

    python pypi.py FOLDER FONTS

FOLDER has the layout `plain.typ` and the data of the documents, `0.json`, `1.json`, …; the PDF files
go beside them. Prints how many seconds all of them took, without starting Python and reading fonts.
"""

import sys
import time
from pathlib import Path

import typst

folder, fonts = map(Path, sys.argv[1:])
documents = sorted(folder.glob("[0-9]*.json"), key=lambda path: int(path.stem))
data = folder / "data.json"
data.write_bytes(documents[0].read_bytes())
compiler = typst.Compiler(
    folder / "plain.typ", root=folder, font_paths=[fonts], ignore_system_fonts=True
)
# Reads the fonts that are used.
compiler.compile()
start = time.perf_counter()
for document in documents:
    data.write_bytes(document.read_bytes())
    compiler.compile(output=document.with_suffix(".pdf"))
print(time.perf_counter() - start)
