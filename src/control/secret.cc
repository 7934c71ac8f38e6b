#include "control/secret.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "base/environment.h"
#include "base/text.h"

namespace intermission::control {
namespace {

constexpr std::size_t kLongest = 4096;

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

/// The file of the credential; empty where the service manager has handed none over.
std::string credential_for(const std::string& name) {
  const std::string folder = base::environment("CREDENTIALS_DIRECTORY").value_or("");
  if (folder.empty()) return "";
  std::string file = base::to_lower(name);
  if (const auto end = file.find('_'); end != std::string::npos) file[end] = '.';
  file.insert(0, folder + '/');
  std::error_code unreadable;
  return std::filesystem::exists(file, unreadable) ? file : "";
}

}  // namespace

base::Result<std::optional<std::string>> secret_from_environment(const std::string& name) {
  std::string value = base::environment(name).value_or("");
  const std::string twin = name + "_FILE";
  std::string path = base::environment(twin).value_or("");
  if (!value.empty() && !path.empty()) {
    return base::Error{name + " and " + twin + " are both set; expected only one of them"};
  }
  const bool is_named = !path.empty();
  if (value.empty() && !is_named) path = credential_for(name);
  if (path.empty()) {
    if (value.empty()) return std::optional<std::string>();
    return std::optional<std::string>(std::move(value));
  }
  auto text = read_secret(is_named ? twin : name, path);
  if (!text) return text.error();
  return std::optional<std::string>(std::move(*text));
}

}  // namespace intermission::control
