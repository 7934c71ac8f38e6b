// A file that the configuration names, together with the place where it does, so that an error
// about the file can name that place.
#pragma once

#include <string>

#include "base/result.h"

namespace intermission::catalog {

struct NamedFile {
  std::string path;   // from the configuration's folder on; a folder, for some keys; empty: none
  base::Error named;  // where it is named: file, line, and the key as the message

  bool empty() const { return path.empty(); }

  /// `error`, which is about this file, placed at the key that names it. One that has a line in the
  /// file stays as it is.
  base::Error at_key(const base::Error& error) const {
    if (named.message.empty() || error.line > 0) return error;
    return {named.message + ": " + error.text(), named.file, named.line};
  }

  /// The same file is the same wherever it is named.
  bool operator==(const NamedFile& other) const { return path == other.path; }
};

}  // namespace intermission::catalog
