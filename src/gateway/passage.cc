#include "gateway/passage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/text.h"
#include "gate/gate.h"
#include "gateway/pass.h"
#include "gateway/request_targets.h"
#include "gateway/scope.h"
#include "http/path_readings.h"
#include "http/target.h"

namespace intermission::gateway {
namespace {

/// Goes through the readings of one request until one of them is closed.
class Search {
 public:
  Search(const Origin& origin, const Snapshot& snapshot, const Service& plain,
         dialect::Clues& clues, base::TimePoint now, Trace* trace)
      : origin_(origin),
        snapshot_(snapshot),
        clues_(clues),
        now_(now),
        trace_(trace),
        targets_(origin) {
    passage_.service = &plain;
  }

  Passage run() {
    look_at_plain();
    if (passage_.passes && !targets_.doubt().words.empty() && is_any_closed()) be_in_doubt();
    for (std::size_t i = 0; i < targets_.paths().size() && passage_.passes; ++i) look_at_path(i);
    if (by_method_) passage_.consulted_names = kOverrideFields;
    return passage_;
  }

 private:
  // If it is closed, the client is answered in its name, and there is nothing more to say.
  void look_at_plain() {
    const std::string_view path = origin_.request().path();
    if (http::is_decoded(path)) {
      judge(*passage_.service, path);
    } else {
      judge(*passage_.service, http::decode_path(path));
    }
    if (!passage_.passes && trace_ != nullptr) tell_method(passage_.service->configured->scope);
  }

  // Where it is not the plain method that closes the gate.
  void tell_method(const catalog::Scope& scope) const {
    if (covers_method(scope, origin_.request().method())) return;
    const auto covered =
        std::find_if(targets_.methods().begin(), targets_.methods().end(),
                     [&](std::string_view method) { return covers_method(scope, method); });
    trace_->add("gate", covered == targets_.methods().end()
                            ? "closed: its method cannot be read for certain"
                            : fmt::format("closed: a server may also read its method as {}",
                                          base::printable(*covered)));
  }

  // Whose services are all open has nothing to protect.
  bool is_any_closed() const {
    for (std::size_t i = 0; i < snapshot_.catalog().services().size(); ++i) {
      if (gate::decide(snapshot_.service(i).plan, now_, gate::Place::kGate).closed) return true;
    }
    return false;
  }

  void be_in_doubt() {
    passage_.passes = false;
    passage_.in_doubt = true;
    passage_.bypassed = Bypassed::kNone;
    if (trace_ == nullptr) return;
    trace_->add("gate",
                fmt::format("closed: {} (\"{}\"), and a gate opens only if all readings "
                            "of a request are open",
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
      doubt_ = "no URL is told";
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

  void look_at_service(std::size_t index) {
    if (!passage_.passes) return;
    const Service& service = snapshot_.service(index);
    judge(service, path_);
    if (!passage_.passes && trace_ != nullptr) tell(service);
  }

  void judge(const Service& service, std::string_view path) {
    if (&service == let_pass_ && doubt_.empty()) return;
    if (!gate::decide(service.plan, now_, gate::Place::kGate).closed ||
        !covers(*service.configured, path))
      return;
    // Testers have no need of URLs that cannot be read for certain.
    const Bypassed bypassed = doubt_.empty()
                                  ? look_for_pass(clues_, origin_, *service.configured, now_)
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

  void tell(const Service& service) const {
    const std::string& name = service.configured->name;
    if (!doubt_.empty()) {
      trace_->add("gate", fmt::format("closed: servers may read the path differently ({}), and "
                                      "service {} of the same host is in maintenance",
                                      doubt_, name));
      return;
    }
    trace_->add("gate", fmt::format("closed: a server may also read the request as one for host {} "
                                    "and path {}, and service {} is in maintenance",
                                    host_.empty() ? "(none)" : base::printable(host_),
                                    base::printable(path_), name));
  }

  const Origin& origin_;
  const Snapshot& snapshot_;
  dialect::Clues& clues_;
  const base::TimePoint now_;
  Trace* trace_;
  const RequestTargets targets_;
  std::array<std::optional<http::PathReadings>, RequestTargets::kMostPaths> readings_;
  Passage passage_;
  const Service* let_pass_ = nullptr;  // the last that is closed, but not for this client
  bool by_method_ = false;
  // The reading that is looked at.
  std::string_view host_;
  std::string_view path_;
  std::string_view doubt_;
};

}  // namespace

Passage find_passage(const Origin& origin, const Snapshot& snapshot, const Service& plain,
                     dialect::Clues& clues, base::TimePoint now, Trace* trace) {
  return Search(origin, snapshot, plain, clues, now, trace).run();
}

}  // namespace intermission::gateway
