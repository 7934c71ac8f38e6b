#include "gateway/passage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <list>
#include <optional>
#include <string>
#include <utility>

#include "base/text.h"
#include "gate/gate.h"
#include "gateway/pass.h"
#include "gateway/request_targets.h"
#include "gateway/scope.h"
#include "http/path_readings.h"
#include "http/target.h"

namespace intermission::gateway {
namespace {

/// Goes through the readings of one request until one of them leads to a service in maintenance.
class Search {
 public:
  Search(const ForwardedRequest& forwarded, const snapshot::Snapshot& snapshot,
         const snapshot::Service& plain, dialect::RequestEvidence& evidence, base::TimePoint now,
         Trace* trace)
      : forwarded_(forwarded),
        snapshot_(snapshot),
        evidence_(evidence),
        now_(now),
        trace_(trace),
        targets_(forwarded) {
    passage_.service = &plain;
  }

  Passage run() {
    look_at_plain();
    if (passage_.passes && !targets_.doubt().words.empty() && is_any_closed()) be_in_doubt();
    for (std::size_t i = 0; i < targets_.paths().size(); ++i) look_at_path(i);
    look_at_joined_paths();
    if (by_method_) passage_.consulted_names = kOverrideFields;
    return passage_;
  }

 private:
  // If it is in maintenance, the client is answered in its name, and there is nothing more to say.
  void look_at_plain() {
    const std::string_view path = forwarded_.request().path();
    if (http::is_decoded(path)) {
      judge(*passage_.service, path);
    } else {
      judge(*passage_.service, http::decode_path(path));
    }
    if (!passage_.passes && trace_ != nullptr) tell_method(passage_.service->configured->scope);
  }

  // Where it is not the plain method that closes the gate.
  void tell_method(const catalog::Scope& scope) const {
    if (covers_method(scope, forwarded_.request().method())) return;
    const auto covered =
        std::find_if(targets_.methods().begin(), targets_.methods().end(),
                     [&](std::string_view method) { return covers_method(scope, method); });
    trace_->add("gate", covered == targets_.methods().end()
                            ? "does not pass: the method is ambiguous"
                            : fmt::format("does not pass: a server may also read the method as {}",
                                          base::printable(*covered)));
  }

  // Where every service is open, there is nothing to protect.
  bool is_any_closed() const {
    for (std::size_t i = 0; i < snapshot_.catalog().services().size(); ++i) {
      if (gate::decide(snapshot_.service(i).plan, now_, gate::Place::kGate).in_maintenance)
        return true;
    }
    return false;
  }

  void be_in_doubt() {
    passage_.passes = false;
    passage_.in_doubt = true;
    passage_.bypassed = Bypassed::kNone;
    if (trace_ == nullptr) return;
    trace_->add(
        "gate",
        fmt::format(
            "does not pass: {} (\"{}\"), and a request passes only if it is open in every reading",
            targets_.doubt().words, base::printable(targets_.doubt().text)));
  }

  void look_at_path(std::size_t index) {
    for (const RequestTargets::Host& host : targets_.hosts()) {
      if (!passage_.passes) return;
      if (host.is_asked || snapshot_.catalog().is_named(host.name)) look_at(host.name, index);
    }
  }

  void look_at(std::string_view host, std::size_t index) {
    const catalog::Catalog& catalog = snapshot_.catalog();
    const auto visit = [this](std::size_t service) { look_at_service(service); };
    host_ = host;
    doubt_ = {};
    path_ = targets_.paths().begin()[index];
    if (!catalog.has_parts(host)) return visit(catalog.find(host, path_));
    if (!targets_.tells_path()) {
      doubt_ = "no field gives the URL";
      return catalog.visit_host(host, visit);
    }
    auto& readings = readings_[index];
    if (!readings) readings.emplace(path_);
    doubt_ = readings->doubt();
    if (!doubt_.empty()) return catalog.visit_host(host, visit);
    for (std::size_t i = 0; i < readings->size() && passage_.passes; ++i) {
      path_ = (*readings)[i];
      catalog.find_all(host, path_, visit);
    }
  }

  // A path that stands in no field as a whole: what a router cut off and the rest, or a route of
  // the query.
  struct JoinedPath {
    JoinedPath(std::string joined, bool parts) : text(std::move(joined)), only_parts(parts) {}
    std::string text;
    bool only_parts;
    http::PathReadings readings{text};
  };

  void look_at_joined_paths() {
    const bool any =
        !targets_.prefixes().empty() || !targets_.routes().empty() || targets_.has_more();
    if (!any) return;
    for (const RequestTargets::Host& host : targets_.hosts()) {
      if (!passage_.passes) return;
      const bool counts = host.is_asked || snapshot_.catalog().is_named(host.name);
      if (!counts || !snapshot_.catalog().has_parts(host.name)) continue;
      if (joined_.empty()) join_paths();
      look_at_joined(host.name);
    }
  }

  void look_at_joined(std::string_view host) {
    host_ = host;
    const catalog::Catalog& catalog = snapshot_.catalog();
    if (targets_.has_more()) {
      doubt_ = "too many fields give a path";
      catalog.visit_host(host, [this](std::size_t service) { look_at_service(service); });
    }
    for (const JoinedPath& path : joined_) {
      const auto visit = [&](std::size_t service) {
        if (!path.only_parts || is_part(service)) look_at_service(service);
      };
      path_ = path.text;
      doubt_ = path.readings.doubt();
      if (!doubt_.empty()) {
        catalog.visit_host(host, visit);
        continue;
      }
      for (std::size_t i = 0; i < path.readings.size() && passage_.passes; ++i) {
        path_ = path.readings[i];
        catalog.find_all(host, path_, visit);
      }
    }
  }

  // Whether it is about a part of its hosts. A word in a query ("?q=blue") names no other service
  // than that of the rest, unless a part has that very name.
  bool is_part(std::size_t index) const {
    const catalog::Service& service = *snapshot_.service(index).configured;
    return !service.scope.paths.empty() ||
           std::any_of(service.paths.begin(), service.paths.end(),
                       [](std::string_view prefix) { return prefix != "/"; });
  }

  static std::string with_slash(std::string_view text) {
    return (text.starts_with('/') ? "" : "/") + std::string(text);
  }

  void join_paths() {
    for (std::string_view prefix : targets_.prefixes()) {
      while (prefix.ends_with('/')) prefix.remove_suffix(1);
      for (const std::string_view path : targets_.paths()) {
        joined_.emplace_back(with_slash(prefix) + with_slash(path), false);
      }
    }
    const std::string_view path = forwarded_.request().path();
    const auto end = path.rfind('/');
    const std::string folder(path.substr(0, end == std::string_view::npos ? 0 : end));
    for (const RequestTargets::Route& route : targets_.routes()) {
      const bool is_word = !route.is_wordpress && route.value.find('/') == std::string_view::npos &&
                           !base::icontains(route.value, "%2f") &&
                           route.value.find('\\') == std::string_view::npos &&
                           !base::icontains(route.value, "%5c");
      const std::string value = with_slash(route.value);
      joined_.emplace_back(value, is_word);
      if (route.is_wordpress) joined_.emplace_back("/wp-json" + value, is_word);
      if (folder.empty()) continue;
      joined_.emplace_back(folder + value, is_word);
      if (route.is_wordpress) joined_.emplace_back(folder + "/wp-json" + value, is_word);
    }
  }

  void look_at_service(std::size_t index) {
    if (!passage_.passes) return;
    const snapshot::Service& service = snapshot_.service(index);
    judge(service, path_);
    if (!passage_.passes && trace_ != nullptr) tell(service);
  }

  void judge(const snapshot::Service& service, std::string_view path) {
    if (&service == let_pass_ && doubt_.empty()) return;
    if (!gate::decide(service.plan, now_, gate::Place::kGate).in_maintenance ||
        !covers(*service.configured, path))
      return;
    // Testers have no need of URLs that cannot be read for certain.
    const Bypassed bypassed = doubt_.empty()
                                  ? look_for_pass(evidence_, forwarded_, *service.configured, now_)
                                  : Bypassed::kNone;
    passage_.bypassed = bypassed;
    if (bypassed == Bypassed::kAllowed) {
      let_pass_ = &service;
      return;
    }
    passage_.passes = false;
    passage_.service = &service;
  }

  bool covers(const catalog::Service& service, std::string_view path) {
    if (doubt_.empty() &&
        !covers_path(service.scope, path, service.case_sensitive_paths, Endings::kCutOff)) {
      return false;
    }
    if (!service.scope.names_methods()) return true;
    by_method_ = true;
    return targets_.has_odd_method() ||
           std::any_of(
               targets_.methods().begin(), targets_.methods().end(),
               [&](std::string_view method) { return covers_method(service.scope, method); });
  }

  void tell(const snapshot::Service& service) const {
    const std::string& name = service.configured->name;
    if (!doubt_.empty()) {
      trace_->add("gate", fmt::format("does not pass: servers may read the path differently ({}), "
                                      "and service {} of the same host is in maintenance",
                                      doubt_, name));
      return;
    }
    trace_->add("gate", fmt::format("does not pass: a server may also read the request as one for "
                                    "host {} and path {}, and service {} is in maintenance",
                                    host_.empty() ? "(none)" : base::printable(host_),
                                    base::printable(path_), name));
  }

  const ForwardedRequest& forwarded_;
  const snapshot::Snapshot& snapshot_;
  dialect::RequestEvidence& evidence_;
  const base::TimePoint now_;
  Trace* trace_;
  const RequestTargets targets_;
  std::array<std::optional<http::PathReadings>, RequestTargets::kMostPaths> readings_;
  std::list<JoinedPath> joined_;
  Passage passage_;
  const snapshot::Service* let_pass_ =
      nullptr;  // the last that is in maintenance, but not for this client
  bool by_method_ = false;
  // The reading that is looked at.
  std::string_view host_;
  std::string_view path_;
  std::string_view doubt_;
};

}  // namespace

Passage find_passage(const ForwardedRequest& forwarded, const snapshot::Snapshot& snapshot,
                     const snapshot::Service& plain, dialect::RequestEvidence& evidence,
                     base::TimePoint now, Trace* trace) {
  return Search(forwarded, snapshot, plain, evidence, now, trace).run();
}

}  // namespace intermission::gateway
