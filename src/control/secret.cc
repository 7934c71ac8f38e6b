#include "control/secret.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace intermission::control {
namespace {

constexpr std::size_t kLongest = 4096;

std::string value_of(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? "" : value;
}

void remove_line_end(std::string& text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
}

// Follows links: Kubernetes mounts every secret through one.
base::Result<std::string> read_secret(const std::string& name, const std::string& path) {
  const auto error = [&](const std::string& what) {
    return base::Error{name + ": " + what + ' ' + path};
  };
  std::error_code problem;
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path, problem)) return error("cannot read");
  std::array<char, kLongest + 1> bytes{};
  in.read(bytes.data(), bytes.size());
  if (in.bad()) return error("cannot read");
  const auto size = static_cast<std::size_t>(in.gcount());
  if (size > kLongest) return error("expected a secret of at most 4096 bytes in");
  std::string text(bytes.data(), size);
  remove_line_end(text);
  if (text.empty()) return error("expected a secret, got nothing from");
  return text;
}

}  // namespace

base::Result<std::optional<std::string>> secret_from_environment(const std::string& name) {
  std::string value = value_of(name);
  const std::string twin = name + "_FILE";
  const std::string path = value_of(twin);
  if (!value.empty() && !path.empty()) {
    return base::Error{name + " and " + twin + " are both set; expected only one of them"};
  }
  if (path.empty()) {
    if (value.empty()) return std::optional<std::string>();
    return std::optional<std::string>(std::move(value));
  }
  auto text = read_secret(twin, path);
  if (!text) return text.error();
  return std::optional<std::string>(std::move(*text));
}

}  // namespace intermission::control
