// The index behind Catalog::find(): a hash of the host leads to its paths, a hash of each
// prefix of the path to the service.
#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/text.h"
#include "catalog/configuration.h"
#include "catalog/readers.h"

namespace intermission::catalog {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);
constexpr std::size_t kMaxHost = 255;  // of what can match; longer hosts match no name

struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};
template <typename T>
using TextMap = std::unordered_map<std::string, T, Hash, std::equal_to<>>;

/// The services of one host, or of every host, by path.
class Paths {
 public:
  void add(std::string_view prefix, std::size_t service) {
    prefix = trim_prefix(prefix);
    if (prefix == "/") {
      if (root_ == kNone) root_ = service;
      return;
    }
    longest_ = std::max(longest_, prefix.size());
    by_prefix_.try_emplace(std::string(prefix), service);
  }

  // The longest prefix wins, and prefixes end where segments do. Nothing past the longest one
  // known is looked at, so a long hostile path costs no more than a short one.
  std::size_t find(std::string_view path) const {
    std::size_t found = root_;
    if (by_prefix_.empty()) return found;
    for (std::size_t end = 1; end <= path.size() && end <= longest_; ++end) {
      if (end < path.size() && path[end] != '/') continue;
      const auto service = by_prefix_.find(path.substr(0, end));
      if (service != by_prefix_.end()) found = service->second;
    }
    return found;
  }

 private:
  std::size_t root_ = kNone;
  std::size_t longest_ = 0;
  TextMap<std::size_t> by_prefix_;
};

}  // namespace

struct Catalog::Index {
  TextMap<Paths> exact;
  TextMap<Paths> wildcard;  // ".example.com" for "*.example.com"
  std::size_t longest_wildcard = 0;
  Paths every_host;

  void add(std::string_view host, std::string_view prefix, std::size_t service) {
    if (host.starts_with("**.")) {
      add(host.substr(3), prefix, service);
      add(host.substr(1), prefix, service);
    } else if (host.starts_with("*.")) {
      longest_wildcard = std::max(longest_wildcard, host.size() - 1);
      wildcard[std::string(host.substr(1))].add(prefix, service);
    } else {
      exact[std::string(host)].add(prefix, service);
    }
  }

  std::size_t find_by_host(std::string_view host, std::string_view path) const {
    if (const auto paths = exact.find(host); paths != exact.end()) {
      if (const std::size_t service = paths->second.find(path); service != kNone) return service;
    }
    // From the left, so longer wildcards come first; the star is at least one character.
    for (auto dot = host.find('.', 1); dot != std::string_view::npos;
         dot = host.find('.', dot + 1)) {
      const std::string_view suffix = host.substr(dot);
      if (suffix.size() > longest_wildcard) continue;
      const auto paths = wildcard.find(suffix);
      if (paths == wildcard.end()) continue;
      if (const std::size_t service = paths->second.find(path); service != kNone) return service;
    }
    return kNone;
  }
};

Catalog::Catalog(std::vector<Service> services, Service fallback, Front front)
    : front_(std::move(front)) {
  const auto index = std::make_shared<Index>();
  services_.reserve(services.size() + 1);
  for (std::size_t i = 0; i < services.size(); ++i) {
    for (const std::string& path : services[i].paths) {
      if (services[i].hosts.empty()) index->every_host.add(path, i);
      for (const std::string& host : services[i].hosts) index->add(host, path, i);
    }
    services_.push_back(std::make_shared<const Service>(std::move(services[i])));
  }
  services_.push_back(std::make_shared<const Service>(std::move(fallback)));
  index_ = index;
}

Catalog Catalog::with(const Replacements& replacements) const {
  Catalog replaced(*this);
  for (const auto& [index, service] : replacements) replaced.services_[index] = service;
  return replaced;
}

Catalog::~Catalog() = default;
Catalog::Catalog(const Catalog&) = default;
Catalog::Catalog(Catalog&&) noexcept = default;
Catalog& Catalog::operator=(Catalog&&) noexcept = default;

std::size_t Catalog::find(std::string_view host, std::string_view path) const {
  std::size_t service = kNone;
  if (host.size() <= kMaxHost && !(index_->exact.empty() && index_->wildcard.empty())) {
    std::array<char, kMaxHost> lowered;
    std::transform(host.begin(), host.end(), lowered.begin(), base::ascii_lower);
    service = index_->find_by_host({lowered.data(), host.size()}, path);
  }
  if (service == kNone) service = index_->every_host.find(path);
  return service == kNone ? services_.size() - 1 : service;
}

}  // namespace intermission::catalog
