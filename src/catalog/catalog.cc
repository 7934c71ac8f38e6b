// The index behind Catalog: a hash of the host leads to its paths, a hash of each prefix of the
// path, which grows with it, to the service.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/text.h"
#include "catalog/catalog.h"
#include "catalog/readers.h"
#include "http/address.h"
#include "http/path_readings.h"

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

constexpr std::uint64_t kHashBasis = 0xcbf2'9ce4'8422'2325U;  // FNV-1a

constexpr std::uint64_t hash_on(std::uint64_t hash, char c) {
  constexpr std::uint64_t kPrime = 0x0000'0100'0000'01b3U;
  return (hash ^ static_cast<unsigned char>(base::ascii_lower(c))) * kPrime;
}

/// The services of one host, or of every host, by path.
class Paths {
 public:
  void add(std::string_view prefix, std::size_t index, const Service& service) {
    prefix = trim_prefix(prefix);
    has_parts_ = has_parts_ || prefix != "/" || !service.scope.paths.empty();
    all_.push_back(index);
    if (prefix == "/") {
      if (root_ == kNone) root_ = index;
      return;
    }
    add_entry({std::string(prefix), index, service.case_sensitive_paths, false});
    std::string folded = http::fold_path(prefix);
    if (folded != prefix) add_entry({std::move(folded), index, false, true});
  }

  // The longest prefix wins, and prefixes end where segments do. Nothing past the longest one
  // known is looked at, so a long hostile path costs no more than a short one.
  std::size_t find(std::string_view path) const {
    std::size_t found = root_;
    const auto never = [](std::string_view) { return false; };
    each_prefix(path, never, [&](const std::vector<Entry>& alike, std::string_view prefix) {
      for (const Entry& entry : alike) {
        if (entry.prefix == prefix && !entry.folded) found = entry.service;
      }
    });
    return found;
  }

  // As find(), but where the case of letters does not count, a prefix may have an ending
  // ("/api.json" for "/api"), and several services may be meant. Whether one was found.
  bool visit_any_case(std::string_view path, const Catalog::Visitor& visit) const {
    const std::vector<Entry>* found = nullptr;
    std::string_view found_prefix;
    const auto look = [&](const std::vector<Entry>& alike, std::string_view prefix) {
      const auto any = [&](const Entry& entry) { return fits(entry, prefix); };
      if (std::none_of(alike.begin(), alike.end(), any)) return;
      if (http::begins_with_ending(path.substr(prefix.size()))) {
        visit_fitting(alike, prefix, visit);
        return;
      }
      found = &alike;
      found_prefix = prefix;
    };
    each_prefix(path, http::begins_with_ending, look);
    if (found == nullptr) {
      if (root_ != kNone) visit(root_);
      return root_ != kNone;
    }
    visit_fitting(*found, found_prefix, visit);
    return true;
  }

  void visit_all(const Catalog::Visitor& visit) const {
    for (const std::size_t service : all_) visit(service);
  }

  bool has_root() const { return root_ != kNone; }
  /// Whether the path makes a difference.
  bool has_parts() const { return has_parts_; }

 private:
  struct Entry {
    std::string prefix;
    std::size_t service;
    bool case_sensitive;
    bool folded;  // not as configured, but as readings of a path have it: http::fold_path()
  };

  void add_entry(Entry entry) {
    longest_ = std::max(longest_, entry.prefix.size());
    std::uint64_t hash = kHashBasis;
    for (const char c : entry.prefix) hash = hash_on(hash, c);
    auto& alike = by_prefix_[hash];
    const auto same = [&](const Entry& other) {
      return other.prefix == entry.prefix && other.folded == entry.folded &&
             (!entry.folded || other.service == entry.service);
    };
    if (std::none_of(alike.begin(), alike.end(), same)) alike.push_back(std::move(entry));
  }

  static bool fits(const Entry& entry, std::string_view prefix) {
    return entry.prefix == prefix || (!entry.case_sensitive && base::iequals(entry.prefix, prefix));
  }

  static void visit_fitting(const std::vector<Entry>& alike, std::string_view prefix,
                            const Catalog::Visitor& visit) {
    for (const Entry& entry : alike) {
      if (fits(entry, prefix)) visit(entry.service);
    }
  }

  // Calls `look` with the entries that may begin the path, by growing prefix. A prefix ends where a
  // segment does, and where `may_end` says so of what follows it.
  template <typename MayEnd, typename Look>
  void each_prefix(std::string_view path, MayEnd may_end, Look look) const {
    if (by_prefix_.empty()) return;
    std::uint64_t hash = kHashBasis;
    for (std::size_t end = 1; end <= path.size() && end <= longest_; ++end) {
      hash = hash_on(hash, path[end - 1]);
      if (end == path.size() || path[end] == '/' || may_end(path.substr(end))) {
        const auto alike = by_prefix_.find(hash);
        if (alike != by_prefix_.end()) look(alike->second, path.substr(0, end));
      }
    }
  }

  std::size_t root_ = kNone;
  std::size_t longest_ = 0;
  bool has_parts_ = false;
  std::vector<std::size_t> all_;
  std::unordered_map<std::uint64_t, std::vector<Entry>> by_prefix_;  // by hash, in lower case
};

}  // namespace

struct Catalog::Index {
  TextMap<Paths> exact;
  TextMap<Paths> wildcard;  // ".example.com" for "*.example.com"
  std::size_t longest_wildcard = 0;
  Paths every_host;

  void add(std::string_view host, std::string_view prefix, std::size_t index,
           const Service& service) {
    if (host.starts_with("**.")) {
      add(host.substr(3), prefix, index, service);
      add(host.substr(1), prefix, index, service);
    } else if (host.starts_with("*.")) {
      longest_wildcard = std::max(longest_wildcard, host.size() - 1);
      wildcard[std::string(host.substr(1))].add(prefix, index, service);
    } else {
      exact[std::string(host)].add(prefix, index, service);
    }
  }

  // Calls `look` with the paths of the host, the best first, until it returns true; whether it
  // did. `host` is in lower case.
  template <typename Look>
  bool each_paths(std::string_view host, Look look) const {
    if (const auto paths = exact.find(host); paths != exact.end() && look(paths->second)) {
      return true;
    }
    // From the left, so longer wildcards come first; the star is at least one character.
    for (auto dot = host.find('.', 1); dot != std::string_view::npos;
         dot = host.find('.', dot + 1)) {
      const std::string_view suffix = host.substr(dot);
      if (suffix.size() > longest_wildcard) continue;
      const auto paths = wildcard.find(suffix);
      if (paths != wildcard.end() && look(paths->second)) return true;
    }
    return false;
  }
};

namespace {

/// A host as the index knows it: in lower case, and an IPv6 literal in its canonical form
/// (RFC 5952). Empty where it is too long to match any.
class KnownHost {
 public:
  explicit KnownHost(std::string_view host) {
    if (host.starts_with('[') && host.ends_with(']')) {
      if (const auto address = http::Address::parse(host.substr(1, host.size() - 2))) {
        assign('[' + address->text() + ']');
        return;
      }
    }
    if (host.size() <= kMaxHost) assign(host);
  }
  std::string_view view() const { return {lowered_.data(), size_}; }

 private:
  void assign(std::string_view host) {
    std::transform(host.begin(), host.end(), lowered_.begin(), base::ascii_lower);
    size_ = host.size();
  }
  std::array<char, kMaxHost> lowered_;
  std::size_t size_ = 0;
};

}  // namespace

Catalog::Catalog(std::vector<Service> services, Service fallback, Front front)
    : front_(std::move(front)) {
  const auto index = std::make_shared<Index>();
  services_.reserve(services.size() + 1);
  for (std::size_t i = 0; i < services.size(); ++i) {
    for (const std::string& path : services[i].paths) {
      if (services[i].hosts.empty()) index->every_host.add(path, i, services[i]);
      for (const std::string& host : services[i].hosts) {
        index->add(KnownHost(host).view(), path, i, services[i]);
      }
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
  if (names_hosts()) {
    index_->each_paths(KnownHost(host).view(), [&](const Paths& paths) {
      service = paths.find(path);
      return service != kNone;
    });
  }
  if (service == kNone) service = index_->every_host.find(path);
  return service == kNone ? services_.size() - 1 : service;
}

void Catalog::find_all(std::string_view host, std::string_view path, const Visitor& visit) const {
  visit(find(host, path));
  const auto look = [&](const Paths& paths) { return paths.visit_any_case(path, visit); };
  if (index_->each_paths(KnownHost(host).view(), look) || look(index_->every_host)) return;
  visit(services_.size() - 1);
}

void Catalog::visit_host(std::string_view host, const Visitor& visit) const {
  const auto look = [&](const Paths& paths) {
    paths.visit_all(visit);
    return paths.has_root();
  };
  if (index_->each_paths(KnownHost(host).view(), look) || look(index_->every_host)) return;
  visit(services_.size() - 1);
}

bool Catalog::is_named(std::string_view host) const {
  return names_hosts() &&
         index_->each_paths(KnownHost(host).view(), [](const Paths&) { return true; });
}

bool Catalog::has_parts(std::string_view host) const {
  bool parts = false;
  const auto look = [&](const Paths& paths) {
    parts = parts || paths.has_parts();
    return parts || paths.has_root();
  };
  if (!index_->each_paths(KnownHost(host).view(), look)) look(index_->every_host);
  return parts;
}

bool Catalog::names_hosts() const {
  return !(index_->exact.empty() && index_->wildcard.empty());
}

}  // namespace intermission::catalog
