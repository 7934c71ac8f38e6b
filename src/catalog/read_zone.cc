#include <string>

#include "base/zone.h"
#include "catalog/readers.h"

namespace intermission::catalog {

std::optional<base::Zone> read_zone(const Node& node, Problems& problems) {
  if (!node) return {};
  auto zone = base::Zone::named(std::string(node.text()));
  if (zone) return zone;
  if (!base::Zone::has_database()) {
    problems.note(node.error(base::Zone::kNoDatabase));
  } else {
    problems.note(
        node.expected("a time zone that this system's tz database has, such as Europe/Berlin"));
  }
  return {};
}

}  // namespace intermission::catalog
