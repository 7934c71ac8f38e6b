// Which service a request belongs to.
//
//   const Service& service = catalog.service(catalog.find("orders.example.com", "/v1/7"));
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <ranges>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/service.h"

namespace intermission::catalog {

/// Every service, and which one a request belongs to. Look-ups cost a hash of the host and
/// allocate nothing, however many services there are.
class Catalog {
 public:
  /// `fallback` is service `default`, for requests that belong to no other. Two services must
  /// not claim the same host and path; the loader sees to that.
  Catalog(std::vector<Service> services, Service fallback, Front front = {});
  ~Catalog();
  Catalog(Catalog&&) noexcept;
  Catalog& operator=(Catalog&&) noexcept;

  /// The index of the service for a host (any case, no port) and a decoded path: an exact
  /// host beats a wildcard, a longer wildcard a shorter one, any of them a service without
  /// hosts; then the longest path prefix wins. "/v1" is a prefix of "/v1" and "/v1/x", not of
  /// "/v1x". A host whose services have no fitting path falls through to the next best host.
  /// services().size() - 1, the fallback, if none fits.
  std::size_t find(std::string_view host, std::string_view path) const;

  using Visitor = std::function<void(std::size_t)>;

  /// Every service that one reading of a path may belong to while it is unknown whether the server
  /// distinguishes upper and lower case: find()'s, then those whose prefixes fit in any case,
  /// unless they are case-sensitive. At least one, some of them twice.
  void find_all(std::string_view host, std::string_view path, const Visitor& visit) const;

  /// Every service that some path of the host belongs to, some of them twice.
  void visit_host(std::string_view host, const Visitor& visit) const;

  /// Whether a service names the host, exactly or by a wildcard.
  bool is_named(std::string_view host) const;

  /// Whether the path makes a difference to which service, or which scope, a request to the host
  /// belongs.
  bool has_parts(std::string_view host) const;

  /// A range of `const Service&` in the file's order, the fallback last.
  auto services() const {
    return std::views::transform(
        services_,
        [](const std::shared_ptr<const Service>& service) -> const Service& { return *service; });
  }
  const Service& service(std::size_t index) const { return *services_[index]; }
  const Front& front() const { return front_; }

  /// The same services for the same hosts and paths, but for some that are replaced, by index. A
  /// replacement has the name, hosts and paths of what it replaces. Costs no index of its own.
  using Replacements = std::vector<std::pair<std::size_t, std::shared_ptr<const Service>>>;
  Catalog with(const Replacements& replacements) const;

  /// For callers that keep a service longer than the catalog.
  std::shared_ptr<const Service> share_service(std::size_t index) const { return services_[index]; }

 private:
  struct Index;
  Catalog(const Catalog&);  // shares the index; see with()
  bool names_hosts() const;

  std::vector<std::shared_ptr<const Service>> services_;
  Front front_;
  std::shared_ptr<const Index> index_;
};

}  // namespace intermission::catalog
