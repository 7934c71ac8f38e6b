#!/usr/bin/env bash
# The format of every C++ file is what clang-format 14 with .clang-format makes of it.
set -euo pipefail
cd "${1:?usage: clang_format_test.sh SOURCE_FOLDER}"

clang_format=$(command -v clang-format-14 || command -v clang-format)
find src tests -name node_modules -prune -o \( -name '*.h' -o -name '*.cc' \) -print0 |
  xargs -0 "$clang_format" --dry-run -Werror
