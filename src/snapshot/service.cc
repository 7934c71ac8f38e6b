#include "snapshot/service.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/text.h"
#include "dialect/table.h"
#include "page/words.h"

namespace intermission::snapshot {
namespace {

std::size_t dialect_named(const std::string& name) {
  const auto row = dialect::find(name);
  if (!row) throw std::runtime_error("unknown dialect " + name);
  return *row;
}

std::size_t rule_field(std::vector<std::string>& names, const std::string& name) {
  const auto same = [&](const std::string& known) { return base::iequals(known, name); };
  const auto found = std::find_if(names.begin(), names.end(), same);
  if (found == names.end()) names.push_back(name);
  return static_cast<std::size_t>(std::find_if(names.begin(), names.end(), same) - names.begin());
}

Rule make_rule(const catalog::Rule& rule, std::vector<std::string>& rule_fields) {
  Rule made{&rule, dialect_named(rule.answer), {}};
  for (const auto& header : rule.headers) {
    const http::Field known = http::field_from(header.name);
    made.fields.push_back(
        {known, known == http::Field::kOther ? rule_field(rule_fields, header.name) : 0});
  }
  return made;
}

page::Notice make_notice(const catalog::Service& service, std::size_t language,
                         const gate::Verdict& verdict) {
  const auto& [tag, text] = service.message.entries[language];
  page::Notice notice;
  notice.service = service.name;
  notice.title = service.title;
  notice.message = text;
  notice.language = tag;
  notice.problem_type = service.problem.type;
  notice.since = verdict.since;
  notice.until = verdict.until;
  return notice;
}

}  // namespace

Service::Service(std::shared_ptr<const catalog::Service> shared)
    : configured(std::move(shared)),
      plan{configured->maintenance, gate::Schedule(configured->windows, configured->recurrences),
           configured->auto_off, configured->switched, configured->open_at_gate},
      wait{configured->retry_after.standard, configured->retry_after.min,
           configured->retry_after.max, configured->retry_after.jitter_percent},
      default_dialect(dialect_named(configured->answer)),
      editions_(configured->message.entries.size()) {
  for (const catalog::Rule& rule : configured->rules) {
    rules.push_back(make_rule(rule, rule_fields));
  }
  for (const std::string& kind : configured->disabled_kinds) {
    disabled |= dialect::Rows{1} << dialect_named(kind);
  }
  rule_index = RuleIndex(rules);
  std::vector<std::string_view> tags;
  for (const auto& entry : configured->message.entries) tags.push_back(entry.language);
  languages = negotiate::Languages(tags);
  for (const page::Words& words : page::all_words()) {
    tags.push_back(words.language);
    tags.insert(tags.end(), words.also.begin(), words.also.end());
  }
  words_languages = negotiate::Languages(std::move(tags));
}

bool Service::may_choose(std::size_t row) const {
  return !is_disabled(row) || row == default_dialect ||
         std::any_of(rules.begin(), rules.end(),
                     [&](const Rule& rule) { return rule.dialect == row; });
}

const Edition& Service::edition(const gate::Verdict& verdict, std::size_t language) const {
  const Occasion occasion(verdict);
  const Editions& editions = editions_[language];
  if (const Editions::Entry* known = editions.find(occasion)) return known->edition;
  return editions.add(occasion, make_notice(*configured, language, verdict), *configured).edition;
}

bool Service::is_worn() const {
  return std::any_of(editions_.begin(), editions_.end(), [](const Editions& editions) {
    return editions.size() > Editions::kMany / 2 ||
           editions.fittings() > Edition::kManyFittings / 2;
  });
}

}  // namespace intermission::snapshot
