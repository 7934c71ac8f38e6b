#include "gateway/snapshot.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/text.h"
#include "dialect/table.h"

namespace intermission::gateway {
namespace {

// Field lines that every answer of ours carries. Content-Language stands where the text has a
// language; no-store because some caches keep even a 200 that says "down".
std::string common_fields(const dialect::Representation& said, const dialect::Notice& notice) {
  std::string fields = "Cache-Control: no-store\r\n";
  if (said.bare) return fields;
  fields += "Retry-After: ";
  fields += dialect::kSecondsMark;
  fields += "\r\nContent-Language: ";
  fields += notice.language;
  fields += "\r\nX-Content-Type-Options: nosniff\r\nX-Maintenance: ";
  fields += notice.service;
  fields += "\r\n";
  return fields;
}

Prepared prepare(dialect::Representation said, const dialect::Notice& notice, BodyStore& bodies) {
  Prepared prepared;
  prepared.fields = dialect::Slotted(common_fields(said, notice) + std::exchange(said.fields, {}));
  prepared.body = bodies.keep(std::exchange(said.body, {}));
  prepared.said = std::move(said);
  return prepared;
}

Edition make_edition(const dialect::Notice& notice, const catalog::Service& service,
                     BodyStore& bodies) {
  Edition edition;
  edition.notice = notice;
  for (const dialect::Dialect* dialect : dialect::table()) {
    std::vector<Prepared>& said = edition.by_dialect.emplace_back();
    auto representations = dialect->render(notice, service);
    said.reserve(representations.size());
    for (auto& representation : representations) {
      said.push_back(prepare(std::move(representation), notice, bodies));
      const auto same_body = [&](const Prepared& other) { return other.body == said.back().body; };
      said.back().form = static_cast<std::size_t>(
          std::find_if(said.begin(), said.end(), same_body) - said.begin());
    }
  }
  return edition;
}

std::vector<Edition> make_editions(const catalog::Service& service, const base::Window* window,
                                   BodyStore& bodies) {
  std::vector<Edition> editions;
  for (const auto& [language, text] : service.message.entries) {
    dialect::Notice notice;
    notice.service = service.name;
    notice.title = service.title;
    notice.message = text;
    notice.language = language;
    if (window != nullptr) {
      notice.since = window->start;
      notice.until = window->end;
    }
    editions.push_back(make_edition(notice, service, bodies));
  }
  return editions;
}

std::size_t dialect_named(const std::string& name) {
  const auto row = dialect::find(name);
  if (!row) throw std::runtime_error("there is no dialect named " + name);
  return *row;
}

std::size_t rule_field(std::vector<std::string>& names, const std::string& name) {
  const auto same = [&](const std::string& known) { return base::iequals(known, name); };
  const auto found = std::find_if(names.begin(), names.end(), same);
  if (found == names.end()) names.push_back(name);
  return static_cast<std::size_t>(std::find_if(names.begin(), names.end(), same) - names.begin());
}

Service make_service(const catalog::Service& configured, BodyStore& bodies) {
  Service service;
  service.configured = &configured;
  service.plan = {configured.maintenance, configured.windows, configured.switched};
  service.wait = {configured.retry_after.standard, configured.retry_after.min,
                  configured.retry_after.max, configured.retry_after.jitter_percent};
  service.default_dialect = dialect_named(configured.answer);
  for (const catalog::Rule& rule : configured.rules) {
    Rule made{&rule, dialect_named(rule.answer), {}};
    for (const auto& header : rule.headers) {
      made.fields.push_back(http::field_from(header.name) == http::Field::kOther
                                ? rule_field(service.rule_fields, header.name)
                                : 0);
    }
    service.rules.push_back(std::move(made));
  }
  service.rule_index = RuleIndex(configured.rules);
  for (const auto& entry : configured.message.entries) service.languages.push_back(entry.language);
  service.editions.push_back(make_editions(configured, nullptr, bodies));
  for (const base::Window& window : configured.windows) {
    service.editions.push_back(make_editions(configured, &window, bodies));
  }
  return service;
}

}  // namespace

Snapshot::Snapshot(catalog::Catalog catalog) : catalog_(std::move(catalog)) {
  BodyStore bodies;
  services_.reserve(catalog_.services().size());
  for (const catalog::Service& service : catalog_.services()) {
    services_.push_back(make_service(service, bodies));
  }
}

}  // namespace intermission::gateway
