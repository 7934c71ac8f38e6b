#include "control/secret.h"

#include <filesystem>
#include <system_error>

#include "base/environment.h"
#include "base/read_file.h"
#include "base/text.h"

namespace intermission::control {
namespace {

constexpr std::size_t kLongest = 4096;

void remove_line_end(std::string& text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
}

base::Result<std::string> read_secret(const std::string& name, const std::string& path) {
  auto text = base::read_file(path, kLongest, base::Pipes::kAwaited);
  if (!text) return base::Error{name + ": " + text.error().text()};
  remove_line_end(*text);
  if (text->empty()) return base::Error{name + ": " + path + ": expected a secret, got none"};
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
