// Files of the repository, for tests.
#pragma once

#include <filesystem>
#include <string>

namespace intermission::testing {

/// The whole file; a missing one fails the test by throwing std::runtime_error with its name.
std::string read_file(const std::filesystem::path& path);

/// A path inside the repository.
std::filesystem::path source_path(const std::string& relative);

}  // namespace intermission::testing
