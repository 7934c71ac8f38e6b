#include "control/token.h"

#include <sys/random.h>

#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>

#include "base/text.h"
#include "control/whole_file.h"

namespace intermission::control {
namespace {

constexpr mode_t kOwnerOnly = 0600;
constexpr std::size_t kShortest = 8;

base::Result<std::string> made_token() {
  std::array<unsigned char, 32> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return base::Error{"the system has no random numbers for a token"};
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string token;
  for (const unsigned char byte : bytes) {
    token += kDigits[byte >> 4];
    token += kDigits[byte & 15];
  }
  return token;
}

std::string_view without_line_end(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return base::trim(text);
}

}  // namespace

std::string token_file_beside(const std::string& state_file) {
  const auto folder = std::filesystem::path(state_file).parent_path();
  return (folder / "intermission.token").string();
}

base::Result<std::string> token_from_file(const std::string& path) {
  const auto text = read_whole(path);
  if (!text) return text.error();
  if (text->has_value()) {
    std::string token(without_line_end(**text));
    if (token.size() >= kShortest) return token;
    return base::Error{"expected a token of at least 8 characters; remove the file and one is made",
                       path};
  }
  auto token = made_token();
  if (!token) return token;
  if (auto error = write_whole(path, *token + "\n", kOwnerOnly)) return std::move(*error);
  return token;
}

bool same_secret(std::string_view given, std::string_view secret) {
  unsigned difference = given.size() == secret.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const char other = secret.empty() ? '\0' : secret[i % secret.size()];
    difference |= static_cast<unsigned char>(given[i] ^ other);
  }
  return difference == 0 && !secret.empty();
}

}  // namespace intermission::control
