// The answers for one service in one language during one period: a window of maintenance, the
// time that no window covers, or an outage. Each dialect's part is rendered when it is first
// needed, so languages, windows and dialects that no client asks for cost nothing.
//
//   const RenderedNotice& notice = service.notice_for(verdict, language);
//   for (const PreparedResponse& prepared : notice.said(row)) ...
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/lazy.h"
#include "catalog/service.h"
#include "dialect/dialect.h"
#include "dialect/slotted.h"
#include "dialect/table.h"
#include "gate/gate.h"
#include "http/field_lines.h"
#include "openapi/api_contract.h"
#include "snapshot/body.h"

namespace intermission::snapshot {

/// One thing that can be said, ready to send but for Vary, Date and the seconds to wait.
struct PreparedResponse {
  dialect::Representation said;       // as the dialect rendered it, but for what has moved here:
  http::FieldLines content_type;      // one line; empty for none
  dialect::Slotted fields;            // every other one but Content-Type, -Encoding and Vary
  std::shared_ptr<const Body> body;   // never null
  bool names_request = false;         // X-Request-Id stands in `fields`, for a contract has it so
  bool sets_referrer_policy = false;  // in `fields`
  /// Representations of one dialect that are the same body under another type share a form:
  /// the index of the first of them. Evidence for one speaks for all.
  std::size_t form = 0;
};

/// The forms of a promise, as they are said to requests whose ids fit.
struct Promised {
  std::vector<PreparedResponse> forms;
  openapi::IdLimits ids;  // empty: to any request
};

/// All that a notice takes from a verdict. Two verdicts of one period have equal notices.
struct MaintenancePeriod {
  bool is_outage = false;  // somebody asks although the service is not in maintenance
  std::optional<base::TimePoint> since;
  std::optional<base::TimePoint> until;

  explicit MaintenancePeriod(const gate::Verdict& verdict)
      : is_outage(!verdict.in_maintenance), since(verdict.since), until(verdict.until) {}
  bool operator==(const MaintenancePeriod&) const = default;
};

/// Any thread. Views into `service`, which must outlive it.
class RenderedNotice {
 public:
  /// Beyond this number, variants are forgotten: a client that varies every hint would otherwise
  /// use memory for each.
  static constexpr std::size_t kManyVariants = 128;

  RenderedNotice(const page::Notice& notice, const catalog::Service& service)
      : notice_(notice), service_(service) {}
  ~RenderedNotice();
  RenderedNotice(const RenderedNotice&) = delete;
  RenderedNotice& operator=(const RenderedNotice&) = delete;

  const page::Notice& notice() const { return notice_; }

  /// What the dialect in that row of the table says, as it ordered it; never empty. Allocates at
  /// the first question for that row.
  const std::vector<PreparedResponse>& said(std::size_t row) const {
    return said_[row].get([&] { return render(row); });
  }

  /// The same in words of that language, and fitted to such a visitor: this one where nothing
  /// differs. Allocates at the first question for each. `words_language` outlives the notice.
  const RenderedNotice& variant_for(std::string_view words_language, const page::Fit& fit) const;

  /// How many of these there are.
  std::size_t variants() const;

  /// The reason phrase of a maintenance answer with that status, ready but for the seconds; empty
  /// where it is the registered one. Allocates at the first question.
  const dialect::Slotted& phrase(std::uint16_t status) const;

  /// Which ids of the request the forms of a promise tell, wherever its schema has a place for
  /// them: those that tell most come first.
  enum class Naming : std::uint8_t { kByBoth, kByRequestId, kByTraceId, kNameless };
  static constexpr std::array kNamings = {Naming::kByBoth, Naming::kByRequestId, Naming::kByTraceId,
                                          Naming::kNameless};

  /// The forms of a promise of the service's contract, by its index there; none where the dialects
  /// answer. Allocates at the first question for that promise. Only with a contract.
  const Promised& promised(std::size_t promise, Naming naming) const {
    const auto all = [&] {
      return std::vector<base::Lazy<Promised>>(kNamings.size() *
                                               service_.contract->promises().size());
    };
    const std::size_t index = kNamings.size() * promise + static_cast<std::size_t>(naming);
    return promised_.get(all)[index].get([&] { return render_promise(promise, naming); });
  }

 private:
  struct Variant;

  std::vector<PreparedResponse> render(std::size_t row) const;
  Promised render_promise(std::size_t promise, Naming naming) const;

  page::Notice notice_;
  const catalog::Service& service_;
  std::array<base::Lazy<std::vector<PreparedResponse>>, dialect::kMostDialects> said_;
  base::Lazy<std::vector<base::Lazy<Promised>>> promised_;
  base::Lazy<dialect::Slotted> phrase_503_;
  base::Lazy<dialect::Slotted> phrase_500_;
  mutable std::atomic<const Variant*> newest_variant_{nullptr};
};

/// The notices of one service in one language, the newest first: the last one rendered is the
/// likeliest to be asked for next. They only grow; see Snapshot::renewed() for how that ends.
class RenderedNotices {
 public:
  /// Beyond this number, some are forgotten: periods that have passed do not come back.
  static constexpr std::size_t kMany = 8;

  RenderedNotices() = default;
  ~RenderedNotices();
  RenderedNotices(const RenderedNotices&) = delete;
  RenderedNotices& operator=(const RenderedNotices&) = delete;

  struct Entry {
    MaintenancePeriod period;
    RenderedNotice rendered;
    std::size_t number = 1;  // from 1 on, in the order in which they were asked for
    const Entry* older = nullptr;
  };

  /// The entry for that period; null before the first request. One atomic load, then one comparison
  /// for each period rendered since.
  const Entry* find(const MaintenancePeriod& period) const {
    return find_from(newest_.load(std::memory_order_acquire), period);
  }

  /// As find(), but makes what is missing. `notice` is about that period.
  const Entry& add(const MaintenancePeriod& period, const page::Notice& notice,
                   const catalog::Service& service) const;

  std::size_t size() const {
    const Entry* newest = newest_.load(std::memory_order_acquire);
    return newest == nullptr ? 0 : newest->number;
  }

  /// How many variants the newest has, which is the one in use now.
  std::size_t variants() const {
    const Entry* newest = newest_.load(std::memory_order_acquire);
    return newest == nullptr ? 0 : newest->rendered.variants();
  }

 private:
  static const Entry* find_from(const Entry* entry, const MaintenancePeriod& period) {
    while (entry != nullptr && entry->period != period) entry = entry->older;
    return entry;
  }

  mutable std::atomic<const Entry*> newest_{nullptr};
};

}  // namespace intermission::snapshot
