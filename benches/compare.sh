#!/usr/bin/env bash
# The same work through jixiao and through others, by turns in one run; the results go into
# docs/performance.md. Options are those of the benchmark, such as `--quick`.
#
#   PyPI `typst`       where Python 3 is there; in a virtual environment of its own, target/pypi
#   BEFORE=<program>   an earlier jixiao
#   TYPST=<program>    `typst compile`; TYPST=build gets it from crates.io first, which takes long
set -euo pipefail
cd "$(dirname "$0")/.."

# The very version of the engine that jixiao is built on.
version=$(sed -n '/^name = "typst"$/{n;s/^version = "\(.*\)"$/\1/p}' Cargo.lock)

if [ -z "${PYPI_PYTHON:-}" ] && command -v python3 > /dev/null; then
  # Of the package, whichever is newest of the same minor version.
  python3 -m venv target/pypi && target/pypi/bin/pip install --quiet "typst~=$version" &&
    export PYPI_PYTHON="$PWD/target/pypi/bin/python" ||
    echo "PyPI typst is not to be had; it is left out." >&2
fi

if [ "${TYPST:-}" = build ]; then
  cargo install typst-cli --version "=$version" --locked --root target/typst
  export TYPST="$PWD/target/typst/bin/typst"
fi

cargo bench --locked --bench county -- --save "$@"
