# What the packages have in common. Sourced with `target` (the name Rust has for the system) and `name` (ours).
# The same commit gives the same bytes: fixed times, order and permissions, no path of this machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ -n "$(git status --porcelain)" ]; then
  echo "a package is made from a commit; these changes are in none:" >&2
  git status --short >&2
  exit 1
fi

export LC_ALL=C.UTF-8 TZ=UTC CARGO_INCREMENTAL=0
# Not as SOURCE_DATE_EPOCH: a build script of the engine heeds it, and each commit would build half of that anew.
unset SOURCE_DATE_EPOCH
date="@$(git log -1 --format=%ct)"
libraries="${CARGO_HOME:-$HOME/.cargo}/registry/src"
export RUSTFLAGS="--remap-path-prefix=$libraries=registry"
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -1)
built="${CARGO_TARGET_DIR:-target}/$target/dist"
packages=target/packages
package="jixiao-$version-$name"
folder="$packages/$package"

# build [option for rustc]...
build() {
  cargo rustc --locked --profile dist --target "$target" --bin jixiao -- "$@"
}

# All but the program and the notes.
fill() {
  rm -rf "$folder"
  mkdir -p "$folder"
  grep -v '^#' packaging/files | while read -r from to; do
    mkdir -p "$(dirname "$folder/$to")"
    cp -r "$from" "$folder/$to"
  done
  licences >"$folder/许可/程序库.txt"
  cp "$(rustc --print sysroot)/share/doc/rust/COPYRIGHT-library.html" "$folder/许可/Rust标准库.html"
}

# The licence of every library that is built in, the text of each licence once.
licences() {
  declare -A told=()
  cargo tree --locked --target "$target" -e normal,no-proc-macro --prefix none -f '{p}|{l}' |
    sed 's/ (\*)$//' | grep -v ' (/' | sort -u |
    while IFS='|' read -r library licence; do
      printf '\n==== %s（%s）\n' "$library" "$licence"
      for text in "$libraries"/*/"${library/ v/-}"/{LICENSE,LICENCE,COPYING,COPYRIGHT,NOTICE,UNLICENSE}*; do
        [ -f "$text" ] || continue
        sum=$(sha256sum <"$text")
        if [ -n "${told[$sum]-}" ]; then
          printf '（%s 同 %s）\n' "$(basename "$text")" "${told[$sum]}"
        else
          told[$sum]="$library"
          cat "$text"
        fi
      done
    done
}

# The last step: one time and plain permissions for everything.
settle() {
  find "$folder" -type f -exec chmod 644 {} +
  find "$folder" -type d -exec chmod 755 {} +
  chmod 755 "$1"
  find "$folder" -exec touch -d "$date" {} +
}

# Says what was made: its checksum, for those who download it, and the sizes.
report() {
  (cd "$packages" && sha256sum "$1" | tee "$1.sha256")
  du -b "$packages/$1" "$2"
}
