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

using Texts = std::vector<std::pair<std::string_view, std::string_view>>;

Texts texts_of(const catalog::LocalizedText& text) {
  Texts texts;
  for (const auto& entry : text.entries) texts.emplace_back(entry.language, entry.text);
  return texts;
}

// Words of our own where the operator has written none: in every language that there are words in,
// that of the service first.
Texts outage_texts(const catalog::Service& service) {
  if (!service.outage_message.entries.empty()) return texts_of(service.outage_message);
  const page::Words& first = page::words_for(service.message.entries.front().language);
  Texts texts{{first.language, first.service_unavailable}};
  for (const page::Words& words : page::all_words()) {
    if (&words != &first) texts.emplace_back(words.language, words.service_unavailable);
    for (const std::string& tag : words.also) texts.emplace_back(tag, words.service_unavailable);
  }
  return texts;
}

std::vector<std::string_view> tags_of(const Texts& texts) {
  std::vector<std::string_view> tags;
  for (const auto& [tag, text] : texts) tags.push_back(tag);
  return tags;
}

std::vector<std::string_view> words_tags(const catalog::Service& service) {
  std::vector<std::string_view> tags = tags_of(texts_of(service.message));
  for (const page::Words& words : page::all_words()) {
    tags.push_back(words.language);
    tags.insert(tags.end(), words.also.begin(), words.also.end());
  }
  return tags;
}

page::Notice make_notice(const catalog::Service& service, std::string_view tag,
                         std::string_view text, const gate::Verdict& verdict) {
  page::Notice notice;
  notice.is_outage = !verdict.in_maintenance;
  notice.service = service.name;
  notice.title = service.title;
  notice.message = text;
  notice.language = tag;
  // The operator's type is that of maintenance.
  if (!notice.is_outage) notice.problem_type = service.problem.type;
  notice.since = verdict.since;
  notice.until = verdict.until;
  return notice;
}

}  // namespace

Speech::Speech(const Texts& by_language)
    : languages(tags_of(by_language)), notices(by_language.size()) {
  for (const auto& [tag, text] : by_language) texts.push_back(text);
}

Service::Service(std::shared_ptr<const catalog::Service> shared)
    : configured(std::move(shared)),
      plan{configured->maintenance, gate::Schedule(configured->windows, configured->recurrences),
           configured->auto_off, configured->switched, configured->open_at_gate},
      wait{configured->retry_after.fallback, configured->retry_after.min,
           configured->retry_after.max, configured->retry_after.jitter_percent},
      default_dialect(dialect_named(configured->answer)),
      maintenance(texts_of(configured->message)),
      outage(outage_texts(*configured)),
      words_languages(words_tags(*configured)) {
  for (const catalog::Rule& rule : configured->rules) {
    rules.push_back(make_rule(rule, rule_fields));
  }
  for (const std::string& kind : configured->disabled_kinds) {
    disabled |= dialect::Rows{1} << dialect_named(kind);
  }
  rule_index = RuleIndex(rules);
}

bool Service::may_choose(std::size_t row) const {
  return !is_disabled(row) || row == default_dialect ||
         std::any_of(rules.begin(), rules.end(),
                     [&](const Rule& rule) { return rule.dialect == row; });
}

const RenderedNotice& Service::notice_for(const gate::Verdict& verdict,
                                          std::size_t language) const {
  const MaintenancePeriod period(verdict);
  const Speech& said = speech(verdict);
  const RenderedNotices& notices = said.notices[language];
  if (const RenderedNotices::Entry* known = notices.find(period)) return known->rendered;
  const auto notice =
      make_notice(*configured, said.languages[language], said.texts[language], verdict);
  return notices.add(period, notice, *configured).rendered;
}

bool Service::is_worn() const {
  const auto worn = [](const RenderedNotices& notices) {
    return notices.size() > RenderedNotices::kMany / 2 ||
           notices.variants() > RenderedNotice::kManyVariants / 2;
  };
  return std::any_of(maintenance.notices.begin(), maintenance.notices.end(), worn) ||
         std::any_of(outage.notices.begin(), outage.notices.end(), worn);
}

}  // namespace intermission::snapshot
