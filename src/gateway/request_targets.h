// All targets that one request at a gate names: every host, URL and method, in every field that
// has one. ForwardedRequest makes one request of it; this keeps what does not fit into that.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "gateway/forwarded_request.h"

namespace intermission::gateway {

/// Views into the request that was received, and into this. Made for one request, on the stack.
class RequestTargets {
 public:
  struct Host {
    std::string_view name;  // without port; empty where the request is for no host
    /// Whether the request is for this host, by a field that is believed. If not, it only must
    /// not be closed.
    bool is_asked = true;
  };

  explicit RequestTargets(const ForwardedRequest& forwarded);
  RequestTargets(const RequestTargets&) = delete;
  RequestTargets& operator=(const RequestTargets&) = delete;

  /// What cannot be read for certain, in plain words, and its text; empty where all can.
  struct Doubt {
    std::string_view words;
    std::string_view text;
  };
  const Doubt& doubt() const { return doubt_; }

  /// Past these there is doubt.
  static constexpr std::size_t kMostHosts = 8;
  static constexpr std::size_t kMostPaths = 8;
  static constexpr std::size_t kMostPrefixes = 4;
  static constexpr std::size_t kMostRoutes = 6;
  static constexpr std::size_t kMostMethods = 8;

  /// A few values, each once.
  template <typename Value, std::size_t kMost>
  class Few {
   public:
    const Value* begin() const { return values_.data(); }
    const Value* end() const { return values_.data() + count_; }
    Value* begin() { return values_.data(); }
    Value* end() { return values_.data() + count_; }
    bool empty() const { return count_ == 0; }
    std::size_t size() const { return count_; }
    /// False where there is no room.
    bool add(const Value& value) {
      if (count_ == kMost) return false;
      values_[count_++] = value;
      return true;
    }

   private:
    std::array<Value, kMost> values_;
    std::size_t count_ = 0;
  };

  const Few<Host, kMostHosts>& hosts() const { return hosts_; }              // at least one
  const Few<std::string_view, kMostPaths>& paths() const { return paths_; }  // as sent; one or more
  const Few<std::string_view, kMostMethods>& methods() const { return methods_; }
  /// What a router may have cut off the path: "/shop".
  const Few<std::string_view, kMostPrefixes>& prefixes() const { return prefixes_; }

  /// A path that a parameter of the query may name, as sent: "%2Fapi" of "/index.php?q=%2Fapi".
  struct Route {
    std::string_view value;
    bool is_wordpress = false;  // rest_route, which stands for what is below /wp-json
    bool operator==(const Route&) const = default;
  };
  const Few<Route, kMostRoutes>& routes() const { return routes_; }
  /// Whether there are more prefixes or routes than fit.
  bool has_more() const { return has_more_; }

  /// Whether there is any URL at all, where the gate's proxy sends it. If not, the request may be
  /// for every path of its hosts.
  bool tells_path() const { return tells_path_; }
  /// Whether there is a method that cannot be read.
  bool has_odd_method() const { return odd_method_; }

 private:
  void read_fields(const ForwardedRequest& forwarded);
  void read_own_field(std::string_view value, const ForwardedRequest& forwarded);
  void read_other_field(const http::FieldLine& line);
  void read_forwarded(std::string_view list, bool is_passed_on);
  void read_malformed(std::string_view rest, bool is_passed_on);
  void read_methods(const ForwardedRequest& forwarded);
  void add_urls(std::string_view value, bool is_believed);
  void add_url(std::string_view url, bool is_believed);
  void add_path_and_query(std::string_view rest);
  void add_host_in_path(std::string_view path);
  void add_prefixes(std::string_view list);
  void add_hosts(std::string_view list, bool is_asked);
  void add_host(std::string_view authority, bool is_asked);
  bool asks_for_host() const;
  void add_own_host(const http::Request& request);
  void add_methods(std::string_view list);
  void add_method(std::string_view method);
  void add_query(std::string_view query);
  void add_route_parameter(std::string_view pair);
  void add_method_parameter(std::string_view pair);
  void add_route(const Route& route);
  void be_in_doubt(std::string_view words, std::string_view text);

  Doubt doubt_;
  Few<Host, kMostHosts> hosts_;
  Few<std::string_view, kMostPaths> paths_;
  Few<std::string_view, kMostMethods> methods_;
  Few<std::string_view, kMostPrefixes> prefixes_;
  Few<Route, kMostRoutes> routes_;
  std::string decoded_host_;  // of the path, where it is encoded
  bool has_more_ = false;
  bool tells_path_ = false;
  bool odd_method_ = false;
};

/// The fields whose value counts as a method beside the request's own.
inline constexpr std::string_view kOverrideFields[] = {
    "HTTP-Method-Override",   "Method-Override", "X-HTTP-Method",
    "X-HTTP-Method-Override", "X-HTTP-Verb",     "X-HTTP-Verb-Override",
    "X-HttpMethod",           "X-Method",        "X-Method-Override"};

}  // namespace intermission::gateway
