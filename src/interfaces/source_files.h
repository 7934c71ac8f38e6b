// The documents of an interface as texts: one file, or those of a folder.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "interfaces/interface.h"

namespace intermission::interfaces {

struct SourceFile {
  std::string name;  // as messages name it
  std::string text;
};

/// The file itself, whatever it is called; of a folder those below it with one of the extensions
/// (".proto"), sorted by name. An Error where one cannot be read, or where a folder has none.
base::Result<std::vector<SourceFile>> read_sources(
    const std::string& path, std::initializer_list<std::string_view> extensions);

/// What read_protobuf() and read_graphql() make of texts that are read already, at least one.
/// `path` is what the interface is called.
ReadInterface protobuf_from(const std::vector<SourceFile>& files, const std::string& path);
ReadInterface graphql_from(const std::vector<SourceFile>& files, const std::string& path);

}  // namespace intermission::interfaces
