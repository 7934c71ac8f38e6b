#include "support/files.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace intermission::testing {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::filesystem::path source_path(const std::string& relative) {
  return std::filesystem::path(INTERMISSION_SOURCE_DIR) / relative;
}

}  // namespace intermission::testing
