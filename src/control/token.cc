#include "control/token.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>

#include "base/hex.h"
#include "base/text.h"
#include "control/whole_file.h"

namespace intermission::control {
namespace {

constexpr mode_t kOwnerOnly = 0600;
constexpr std::size_t kShortest = 16;

base::Result<std::string> made_token() {
  std::array<unsigned char, 32> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return base::Error{"the system has no random numbers for a token"};
  }
  return base::hex(bytes);
}

std::string_view without_line_end(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return base::trim(text);
}

}  // namespace

std::string token_file(const catalog::StateSettings& state) {
  const std::filesystem::path beside = state.file.empty() ? state.folder : state.file;
  return (beside.parent_path() / "intermission.token").string();
}

base::Result<std::string> token_from_file(base::FileSystem& files, const std::string& path) {
  const auto text = read_whole(files, path, Access::kOwnerOnly);
  if (!text) return text.error();
  if (text->has_value()) return std::string(without_line_end(**text));
  auto token = made_token();
  if (!token) return token;
  if (auto error = write_whole(files, path, *token + "\n", kOwnerOnly)) return std::move(*error);
  return token;
}

std::optional<base::Error> token_problem(std::string_view token, const std::string& name) {
  const auto is_printable = [](char c) { return c >= ' ' && c <= '~'; };
  const std::string expected = name + ": expected a token of at least " +
                               std::to_string(kShortest) + " printable ASCII characters, got ";
  if (token.size() < kShortest) return base::Error{expected + std::to_string(token.size())};
  if (!std::ranges::all_of(token, is_printable)) {
    return base::Error{expected + "one with a control character or a byte beyond ASCII"};
  }
  if (token.front() != ' ' && token.back() != ' ') return {};
  return base::Error{expected + "one with a space at its start or end"};
}

}  // namespace intermission::control
