// Everything an answer needs, compiled from the configuration into one immutable value: which
// services there are, whether each is held back, and all that can be said for them, rendered.
//
// A new configuration makes a new Snapshot, which is swapped in whole; one that cannot be made
// leaves the old one serving. Reading needs no lock: any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/configuration.h"
#include "dialect/dialect.h"
#include "dialect/slotted.h"
#include "gate/gate.h"
#include "gate/wait.h"
#include "gateway/body.h"
#include "gateway/rule_index.h"

namespace intermission::gateway {

/// One thing that can be said, ready to send but for Vary, Date and the seconds to wait.
struct Prepared {
  dialect::Representation said;      // as the dialect rendered it, but for what has moved here:
  dialect::Slotted fields;           // every field line but Content-Type, -Encoding and Vary
  std::shared_ptr<const Body> body;  // never null
  /// Representations of one dialect that are the same body under another type share a form:
  /// the index of the first of them. Evidence for one speaks for all.
  std::size_t form = 0;
};

/// All that is said for one service in one language while one window (or none) lasts.
struct Edition {
  dialect::Notice notice;
  std::vector<std::vector<Prepared>> by_dialect;  // in the order of dialect::table()
};

struct Rule {
  const catalog::Rule* when = nullptr;
  std::size_t dialect = 0;  // row of the table
  /// Names of fields that only rules know, as bits: positions in Service::rule_fields.
  std::vector<std::size_t> fields;
};

struct Service {
  const catalog::Service* configured = nullptr;
  gate::Plan plan;
  gate::WaitBounds wait;
  std::size_t default_dialect = 0;
  std::vector<Rule> rules;
  RuleIndex rule_index;
  std::vector<std::string> rule_fields;  // distinct names outside http::Field, at most 64

  std::vector<std::string_view> languages;  // the default first
  /// By window, then by language: edition 0 belongs to no window, edition w + 1 to window w.
  std::vector<std::vector<Edition>> editions;

  const Edition& edition(const gate::Verdict& verdict, std::size_t language) const {
    return editions[verdict.window ? *verdict.window + 1 : 0][language];
  }
};

class Snapshot {
 public:
  /// Takes the catalog over and renders everything. Throws std::runtime_error only where
  /// memory ends or the catalog names a dialect that there is not (the schema forbids it).
  explicit Snapshot(catalog::Catalog catalog);

  const catalog::Catalog& catalog() const { return catalog_; }
  /// By the index that Catalog::find returns.
  const Service& service(std::size_t index) const { return services_[index]; }

  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  catalog::Catalog catalog_;
  std::vector<Service> services_;
};

}  // namespace intermission::gateway
