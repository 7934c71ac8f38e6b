// One service, compiled: its plan, its rules, who speaks for it by default, and the rendered
// notices. A Snapshot whose service was configured as before takes it over from
// the Snapshot before it, with all that was rendered.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/service.h"
#include "dialect/triggers.h"
#include "gate/gate.h"
#include "gate/wait.h"
#include "negotiate/negotiate.h"
#include "snapshot/rendered_notice.h"
#include "snapshot/rule.h"
#include "snapshot/rule_index.h"

namespace intermission::snapshot {

/// The same in several languages, with all that was rendered of it.
struct Speech {
  /// Texts by language, at least one, the default first. Views that the owner keeps.
  explicit Speech(const std::vector<std::pair<std::string_view, std::string_view>>& by_language);

  negotiate::Languages languages;
  std::vector<std::string_view> texts;
  std::vector<RenderedNotices> notices;
};

/// Immutable for readers; any thread.
struct Service {
  /// Throws std::runtime_error where the configuration names an unknown dialect (the
  /// schema forbids it).
  explicit Service(std::shared_ptr<const catalog::Service> configured);

  std::shared_ptr<const catalog::Service> configured;  // never null
  gate::Plan plan;
  gate::WaitBounds wait;
  std::size_t default_dialect = 0;
  dialect::Rows disabled = 0;  // rows that the evidence of a request never chooses
  std::vector<Rule> rules;
  RuleIndex rule_index;
  /// Distinct names outside http::Field; the loader sees to the bound.
  static constexpr std::size_t kMostRuleFields = 64;
  std::vector<std::string> rule_fields;
  Speech maintenance;  // the operator's message
  Speech outage;       // what is said instead while the service is not in maintenance
  /// The languages of the message, and then every language that there are words in.
  negotiate::Languages words_languages;

  bool is_disabled(std::size_t row) const { return (disabled >> row & 1U) != 0; }
  /// Whether anything may choose that row: evidence, a rule or the key `answer`.
  bool may_choose(std::size_t row) const;

  const Speech& speech(const gate::Verdict& verdict) const {
    return verdict.in_maintenance ? maintenance : outage;
  }

  /// What is said while that verdict holds. `language` is a position in the languages of its
  /// speech. Allocates at the first question for a period.
  const RenderedNotice& notice_for(const gate::Verdict& verdict, std::size_t language) const;

  /// Whether so many periods have passed in that language that it is time to forget them.
  bool is_crowded(const gate::Verdict& verdict, std::size_t language) const {
    return speech(verdict).notices[language].size() > RenderedNotices::kMany;
  }
  /// Whether there is something worth forgetting, in any language.
  bool is_worn() const;
};

}  // namespace intermission::snapshot
