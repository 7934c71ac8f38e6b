// Any bytes as a configuration file. What loads must keep the promises of configuration.h;
// what does not must be one printable line.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "catalog/configuration.h"

namespace {

using intermission::catalog::Catalog;
using intermission::catalog::Service;

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const Service& service) {
  require(!service.name.empty() && !service.answer.empty());
  require(!service.paths.empty() && !service.message.entries.empty());
  for (const auto& entry : service.message.entries) require(!entry.text.empty());
  const auto& wait = service.retry_after;
  require(wait.min.count() >= 1 && wait.min <= wait.fallback && wait.fallback <= wait.max);
  require(wait.jitter_percent >= 0 && wait.jitter_percent <= 20);
  require(service.soap.status == 500 || service.soap.status == 503);
  require(service.legacy.header_value.find_first_of("\r\n") == std::string::npos);
  for (std::size_t i = 0; i < service.windows.size(); ++i) {
    require(service.windows[i].start < service.windows[i].end);
    require(i == 0 || service.windows[i - 1].start <= service.windows[i].start);
  }
}

// No two services claim the same, so each is found where it says it is.
void check_finds(const Catalog& catalog) {
  for (std::size_t i = 0; i + 1 < catalog.services().size(); ++i) {
    // Only the fallback has no title.
    require(!catalog.services()[static_cast<std::ptrdiff_t>(i)].title.empty());
    for (const std::string& host : catalog.services()[static_cast<std::ptrdiff_t>(i)].hosts) {
      if (host.starts_with('*')) continue;
      for (const std::string& path : catalog.services()[static_cast<std::ptrdiff_t>(i)].paths) {
        require(catalog.find(host, path) == i);
      }
    }
  }
  require(catalog.find("none.example", "/none") < catalog.services().size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto configuration = intermission::catalog::load_text(text, "f", {});
  if (!configuration) {
    const std::string error = configuration.error().text();
    require(error.starts_with("f:"));
    require(std::all_of(error.begin(), error.end(), [](char c) { return c >= ' ' && c <= '~'; }));
    return 0;
  }
  for (const Service& service : configuration->catalog.services()) check(service);
  check_finds(configuration->catalog);
  return 0;
}
