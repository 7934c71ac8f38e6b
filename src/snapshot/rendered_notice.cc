#include "snapshot/rendered_notice.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"
#include "dialect/contract_facts.h"
#include "dialect/telling_phrase.h"
#include "http/field.h"

namespace intermission::snapshot {
namespace {

// Field lines that every answer of ours carries. Content-Language stands where the text has a
// language; no-store because some caches keep even a 200 that says "down".
std::string common_fields(const dialect::Representation& said, const page::Notice& notice) {
  std::string fields = "Cache-Control: no-store\r\n";
  if (said.omit_maintenance_headers) return fields;
  if (!said.omit_retry_after) {
    fields += "Retry-After: ";
    fields += page::kSecondsMark;
    fields += "\r\n";
  }
  fields += "Content-Language: ";
  fields += said.language.empty() ? notice.language : std::string_view(said.language);
  fields += "\r\nX-Content-Type-Options: nosniff\r\nX-Maintenance: ";
  fields += notice.service;
  fields += "\r\n";
  return fields;
}

contract::Facts facts_of(const page::Notice& notice, const catalog::Service& service,
                         RenderedNotice::Naming naming) {
  contract::Facts facts = dialect::facts_of(notice, service);
  facts.now = page::kNowMark;
  facts.now_seconds = page::kNowSecondsMark;
  facts.path = page::kPathMark;
  facts.path_in_xml = page::kPathInXmlMark;
  using enum RenderedNotice::Naming;
  if (naming == kByBoth || naming == kByRequestId) facts.request_id = page::kRequestIdMark;
  if (naming == kByBoth || naming == kByTraceId) facts.trace_id = page::kTraceIdMark;
  return facts;
}

bool has_line(std::string_view lines, std::string_view name) {
  while (!lines.empty()) {
    if (base::iequals(lines.substr(0, lines.find(':')), name)) return true;
    lines.remove_prefix(std::min(lines.find('\n'), lines.size() - 1) + 1);
  }
  return false;
}

std::vector<PreparedResponse> prepare(std::vector<dialect::Representation> representations,
                                      const page::Notice& notice) {
  std::vector<std::string> bodies;  // by form, as the dialect wrote them
  std::vector<PreparedResponse> prepared(representations.size());
  for (std::size_t i = 0; i < prepared.size(); ++i) {
    dialect::Representation& said = representations[i];
    PreparedResponse& made = prepared[i];
    // Those that are made for each request are empty here, and need not be the same.
    const auto same = said.body.empty() ? bodies.end() : std::ranges::find(bodies, said.body);
    made.form = static_cast<std::size_t>(same - bodies.begin());
    made.body = made.form < i ? prepared[made.form].body : std::make_shared<const Body>(said.body);
    bodies.push_back(std::exchange(said.body, {}));
    if (!said.content_type.empty()) {
      made.content_type.add("Content-Type", said.content_type);
    }
    made.names_request = has_line(said.fields, http::field_name(http::Field::kXRequestId));
    made.sets_referrer_policy = has_line(said.fields, "Referrer-Policy");
    made.fields = dialect::Slotted(common_fields(said, notice) + std::exchange(said.fields, {}));
    made.said = std::move(said);
  }
  return prepared;
}

}  // namespace

std::vector<PreparedResponse> RenderedNotice::render(std::size_t row) const {
  return prepare(dialect::table()[row]->render(notice_, service_), notice_);
}

const dialect::Slotted& RenderedNotice::phrase(std::uint16_t status) const {
  static const dialect::Slotted registered;
  if (!service_.reason_phrase || (status != 503 && status != 500)) return registered;
  return (status == 503 ? phrase_503_ : phrase_500_).get([&] {
    const auto most = dialect::facts_of(notice_, service_).most_seconds;
    return dialect::Slotted(dialect::telling_phrase(status, notice_, most));
  });
}

Promised RenderedNotice::render_promise(std::size_t index, Naming naming) const {
  const openapi::ApiContract& contract = *service_.contract;
  const openapi::Promise& promise = contract.promises()[index];
  std::vector<dialect::Representation> representations;
  openapi::IdLimits ids;
  for (openapi::SaidForm& form : contract.say(promise, facts_of(notice_, service_, naming))) {
    ids.merge(form.ids);
    dialect::Representation said;
    said.media_type = std::move(form.media_type);
    said.content_type = std::move(form.content_type);
    said.status = promise.status;
    said.fields = std::move(form.fields);
    said.body = std::move(form.body);
    if (promise.status >= 300) said.gate_status = promise.status;
    representations.push_back(std::move(said));
  }
  return {prepare(std::move(representations), notice_), std::move(ids)};
}

struct RenderedNotice::Variant {
  RenderedNotice rendered;
  std::size_t number = 1;
  const Variant* older = nullptr;

  bool is_for(std::string_view words_language, const page::Fit& fit) const {
    const page::Notice& notice = rendered.notice();
    return notice.words_language == words_language && notice.fit == fit;
  }
};

RenderedNotice::~RenderedNotice() {
  const Variant* variant = newest_variant_.load(std::memory_order_relaxed);
  while (variant != nullptr) delete std::exchange(variant, variant->older);
}

const RenderedNotice& RenderedNotice::variant_for(std::string_view words_language,
                                                  const page::Fit& fit) const {
  if (words_language == notice_.language && fit == page::Fit{}) return *this;
  std::unique_ptr<Variant> made;
  const Variant* newest = newest_variant_.load(std::memory_order_acquire);
  do {
    for (const Variant* known = newest; known != nullptr; known = known->older) {
      if (known->is_for(words_language, fit)) return known->rendered;
    }
    if (!made) {
      page::Notice notice = notice_;
      notice.words_language = words_language;
      notice.fit = fit;
      made.reset(new Variant{RenderedNotice(notice, service_)});
    }
    made->number = newest == nullptr ? 1 : newest->number + 1;
    made->older = newest;
  } while (!newest_variant_.compare_exchange_weak(newest, made.get(), std::memory_order_acq_rel,
                                                  std::memory_order_acquire));
  return made.release()->rendered;
}

std::size_t RenderedNotice::variants() const {
  const Variant* newest = newest_variant_.load(std::memory_order_acquire);
  return newest == nullptr ? 0 : newest->number;
}

RenderedNotices::~RenderedNotices() {
  const Entry* entry = newest_.load(std::memory_order_relaxed);
  while (entry != nullptr) delete std::exchange(entry, entry->older);
}

const RenderedNotices::Entry& RenderedNotices::add(const MaintenancePeriod& period,
                                                   const page::Notice& notice,
                                                   const catalog::Service& service) const {
  std::unique_ptr<Entry> made;
  const Entry* newest = newest_.load(std::memory_order_acquire);
  do {
    if (const Entry* known = find_from(newest, period)) return *known;
    if (!made) made.reset(new Entry{period, RenderedNotice(notice, service)});
    made->number = newest == nullptr ? 1 : newest->number + 1;
    made->older = newest;
  } while (!newest_.compare_exchange_weak(newest, made.get(), std::memory_order_acq_rel,
                                          std::memory_order_acquire));
  return *made.release();
}

}  // namespace intermission::snapshot
