// All that the page can look like, as files to look through before the night: every theme in
// every language, as it greets visitors and as it answers a form, and an index that shows them
// in the sizes of a phone, a tablet and a desk.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/configuration.h"

namespace intermission::gateway {

struct PreviewFile {
  std::string name;
  std::string text;
};

/// For the configuration's first service, or service default where there is none: half an hour
/// into a maintenance of two hours.
std::vector<PreviewFile> preview(const catalog::Catalog& catalog, base::TimePoint now);

}  // namespace intermission::gateway
