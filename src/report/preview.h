// All that the page can look like, to look through before the night: every theme in every
// language, as it greets visitors and as it answers a form, and an index that shows them in the
// sizes of a phone, a tablet and a desk. As files, or from a port.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/catalog.h"
#include "http/handler.h"

namespace intermission::report {

struct PreviewFile {
  std::string name;
  std::string text;
  std::string policy;  // the page's Content-Security-Policy; none for the index
};

inline constexpr std::string_view kPreviewIndex = "index.html";

/// For the configuration's first service, or service default where there is none: half an hour
/// into a maintenance of two hours. The message is the one that a visitor of that language reads.
std::vector<PreviewFile> preview(const catalog::Catalog& catalog, base::TimePoint now);

/// Serves the files by their names, the index at "/" too. The pages come as the gateway sends
/// them, 503 and policy included, so that they behave as they will. Any number of handlers may
/// share the files.
std::unique_ptr<http::Handler> preview_handler(
    std::shared_ptr<const std::vector<PreviewFile>> files);

}  // namespace intermission::report
