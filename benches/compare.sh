#!/usr/bin/env bash
# The same work through jixiao and through `typst compile`, in one run; the results go into
# docs/performance.md. Options are those of the benchmark, such as `--quick`.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${TYPST:-}" ]; then
  # The very version of the engine that jixiao is built on, compiled as the benchmark is.
  version=$(sed -n '/^name = "typst"$/{n;s/^version = "\(.*\)"$/\1/p}' Cargo.lock)
  cargo install typst-cli --version "=$version" --locked --root target/typst
  export TYPST="$PWD/target/typst/bin/typst"
fi

cargo bench --locked --bench county -- --save "$@"
