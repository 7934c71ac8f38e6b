// Kinds that the evidence of a request never chooses. The schema knows which kinds there are; here
// those are rejected that this setting would not change, or that have to stay.
#include <algorithm>
#include <array>

#include "catalog/readers.h"

namespace intermission::catalog {
namespace {

struct Kept {
  std::string_view kind;
  std::string_view why;
};

constexpr std::array kKept = {
    Kept{"problem", "which answers if nothing shows another kind"},
    Kept{"preflight", "which the key cors configures"},
    Kept{"legacy", "which only a rule or the key answer chooses"},
    Kept{"probe", "which only a rule or the key answer chooses"},
};

}  // namespace

std::vector<std::string> read_disabled_kinds(const Node& node,
                                             const std::vector<std::string>& inherited,
                                             Problems& problems) {
  if (!node) return inherited;
  std::vector<std::string> kinds;
  for (const Node& item : node.items()) {
    for (const auto& [kind, why] : kKept) {
      if (item.text() != kind) continue;
      problems.note(
          item.error("expected another kind than " + std::string(kind) + ", " + std::string(why)));
    }
    kinds.emplace_back(item.text());
  }
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  return kinds;
}

}  // namespace intermission::catalog
