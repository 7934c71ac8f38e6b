#include "gateway/choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/container/static_vector.hpp>
#include <optional>
#include <span>

#include "http/media_type.h"
#include "negotiate/negotiate.h"

namespace intermission::gateway {
namespace {

using dialect::Claim;
using dialect::RequestEvidence;

// Room for every representation of every dialect, on the stack.
struct Pool {
  static constexpr std::size_t kMost = 128;
  boost::container::static_vector<negotiate::Offer, kMost> offers;
  boost::container::static_vector<const snapshot::PreparedResponse*, kMost> prepared;
  boost::container::static_vector<std::size_t, kMost> dialects;

  void add(const snapshot::PreparedResponse& one, int rank, std::size_t row) {
    if (offers.size() == kMost) return;
    offers.push_back({one.said.media_type, rank});
    prepared.push_back(&one);
    dialects.push_back(row);
  }
};

// Evidence of the request's kind first, among it the earlier row, whose type is more telling; then
// the service's default, then the table's order (rule 8).
int rank_of(std::size_t row, bool favoured, const snapshot::Service& service) {
  if (favoured) return static_cast<int>(row) - 1000;
  return row == service.default_dialect ? 0 : 1 + static_cast<int>(row);
}

void add_to_pool(Pool& pool, std::size_t row, const Claim& claim, const snapshot::Service& service,
                 const snapshot::RenderedNotice& rendered) {
  for (const snapshot::PreparedResponse& one : rendered.said(row)) {
    pool.add(one, rank_of(row, claim.favours == one.form, service), row);
  }
}

std::string_view explain_match(negotiate::Match match) {
  switch (match) {
    case negotiate::Match::kAny:
      return "Accept allows any type";
    case negotiate::Match::kWildcard:
      return "Accept matches it by a wildcard";
    case negotiate::Match::kExact:
      return "Accept names it";
    case negotiate::Match::kSuffix:
      return "Accept names a type written in the same syntax";
    case negotiate::Match::kUnacceptable:
      break;
  }
  return "none of the available types is acceptable; this is the fallback";
}

// Most clients weigh our favourite, the representation of the lowest rank, the most there is.
// Then it is what choose() would pick, and the others need not be fetched from memory.
bool pick_favourite(RequestEvidence& evidence, const Client& client,
                    const snapshot::Service& service, const snapshot::RenderedNotice& rendered,
                    Choice& choice) {
  std::optional<std::size_t> best;
  std::size_t form = 0;
  int best_rank = 0;
  for (const auto& [row, claim] : client.claimed) {
    const auto& favours = claim.favours;
    const bool favoured = favours && rendered.said(row)[*favours].form == *favours;
    const int rank = rank_of(row, favoured, service);
    if (best && rank >= best_rank) continue;
    best = row;
    form = favoured ? *favours : 0;
    best_rank = rank;
  }
  if (!best) return false;
  const snapshot::PreparedResponse& favourite = rendered.said(*best)[form];
  const negotiate::Accept& accept = evidence.accept();
  const auto weight = accept.weight_of(favourite.said.media_type);
  if (weight.weight < negotiate::kMaxWeight) return false;
  const auto match = accept.empty() ? negotiate::Match::kAny
                     : weight.named ? negotiate::Match::kExact
                                    : negotiate::Match::kWildcard;
  choice.dialect = *best;
  choice.prepared = &favourite;
  choice.why = explain_match(match);
  return true;
}

// What an operation promises is sent under the type that it promises.
void speak_plainly(RequestEvidence& evidence, const snapshot::RenderedNotice& rendered,
                   Choice& choice) {
  const auto plain = choice.prepared->said.plain;
  if (choice.dialect == kByContract || !plain) return;
  const snapshot::PreparedResponse& known = rendered.said(choice.dialect)[*plain];
  if (evidence.accept().weight_of(known.said.media_type).weight != 0) choice.prepared = &known;
}

// Whether the client may know no type but the plain one.
bool wants_it_plain(RequestEvidence& evidence, const Client& client, const Choice& choice) {
  if (!evidence.has(http::Field::kAccept)) return true;
  const auto claimed =
      std::find_if(client.claimed.begin(), client.claimed.end(),
                   [&](const auto& one) { return one.row == choice.dialect && one.claim.plainly; });
  return claimed != client.claimed.end() &&
         !evidence.accept().weight_of(choice.prepared->said.media_type).named;
}

void choose_from(const Pool& pool, RequestEvidence& evidence,
                 const snapshot::RenderedNotice& rendered, Choice& choice) {
  const auto found = evidence.accept().choose(std::span(pool.offers.data(), pool.offers.size()));
  choice.dialect = pool.dialects[found.index];
  choice.prepared = pool.prepared[found.index];
  choice.why = explain_match(found.match);
  if (found.match == negotiate::Match::kSuffix) speak_plainly(evidence, rendered, choice);
}

bool is_xml(std::string_view media_type) {
  const auto type = http::parse_media_type(media_type);
  return type && type->is_xml();
}

// What the contract promises stands before every dialect but those that the request itself gives
// evidence for; those that say the same in general are not on offer.
void add_promised(Pool& pool, RequestEvidence& evidence, const Client& client,
                  const snapshot::Service& service, const snapshot::RenderedNotice& rendered,
                  const std::vector<snapshot::PreparedResponse>& promised) {
  constexpr int kRank = -500;  // between evidence and all else, see rank_of()
  const auto& sent = evidence.content_type();
  const bool sends_xml = sent && sent->is_xml();
  for (const snapshot::PreparedResponse& one : promised) {
    const bool is_kin = sends_xml && is_xml(one.said.media_type);
    pool.add(one, is_kin ? kRank - 1 : kRank, kByContract);
  }
  for (const auto& [row, claim] : client.claimed) {
    if (!dialect::table()[row]->yields_to_contract) {
      add_to_pool(pool, row, claim, service, rendered);
    }
  }
}

// False where a dialect that is sure has several forms, and the request's protocol names none.
bool pick_of_sure(const Client& client, const snapshot::RenderedNotice& rendered, Choice& choice) {
  const Claim& claim = client.claimed.front().claim;
  const std::vector<snapshot::PreparedResponse>& said = rendered.said(*client.sure);
  const bool names_form = claim.strength == Claim::Strength::kSure && claim.favours.has_value();
  if (!names_form && said.size() > 1) return false;
  choice.dialect = *client.sure;
  choice.prepared = &said[names_form ? *claim.favours : 0];
  choice.why = names_form ? "the request's protocol determines it" : "the only form available";
  return true;
}

void pick(RequestEvidence& evidence, const Client& client, const snapshot::Service& service,
          const snapshot::RenderedNotice& rendered, const ContractAnswer& contract_answer,
          Choice& choice) {
  if (client.sure && pick_of_sure(client, rendered, choice)) return;
  Pool pool;
  if (contract_answer.dialect) {
    add_to_pool(pool, *contract_answer.dialect, {}, service, rendered);
  } else if (contract_answer.forms != nullptr) {
    add_promised(pool, evidence, client, service, rendered, *contract_answer.forms);
  } else if (pick_favourite(evidence, client, service, rendered, choice)) {
    return;
  } else {
    for (const auto& [row, claim] : client.claimed) {
      add_to_pool(pool, row, claim, service, rendered);
    }
  }
  choose_from(pool, evidence, rendered, choice);
}

std::size_t choose_language(const Context& context) {
  const negotiate::Languages& languages =
      context.service.speech(context.decision.verdict).languages;
  if (languages.size() == 1) return 0;
  return context.evidence.accept_language().choose(languages, 0);
}

// Where what was picked is fitted to the visitor: the same of the variant that fits. Its words may
// be in a language that the message is not in.
void fit_to_visitor(const Context& context, Choice& choice) {
  if (choice.dialect == kByContract) return;
  const auto fit = dialect::table()[choice.dialect]->fit;
  if (fit == nullptr) return;
  const snapshot::RenderedNotice& rendered = *choice.rendered;
  const negotiate::Languages& languages = context.service.words_languages;
  const std::size_t none = languages.size();
  const std::size_t language = context.evidence.accept_language().choose(languages, none);
  const std::string_view words =
      language == none ? rendered.notice().language : languages[language];
  choice.rendered = &rendered.variant_for(words, fit(context.evidence));
  if (rendered.variants() > snapshot::RenderedNotice::kManyVariants)
    context.snapshot.ask_for_renewal();
  const auto index = choice.prepared - rendered.said(choice.dialect).data();
  choice.prepared = &choice.rendered->said(choice.dialect)[static_cast<std::size_t>(index)];
  if (context.trace != nullptr) {
    context.trace->add("negotiate", fmt::format("page text in {}", words));
  }
}

}  // namespace

const snapshot::RenderedNotice& choose_notice(const Context& context) {
  const std::size_t language = choose_language(context);
  const snapshot::RenderedNotice& rendered =
      context.service.notice_for(context.decision.verdict, language);
  if (context.service.is_crowded(context.decision.verdict, language))
    context.snapshot.ask_for_renewal();
  return rendered;
}

void trace_language(const Context& context, const snapshot::RenderedNotice& rendered) {
  const std::size_t languages = context.service.speech(context.decision.verdict).languages.size();
  if (context.trace == nullptr || languages == 1) return;
  context.trace->add("negotiate",
                     fmt::format("language {} of {}", rendered.notice().language, languages));
}

Choice choose(const Context& context, const Client& client,
              const snapshot::RenderedNotice& rendered, const ContractAnswer& contract_answer) {
  Choice choice;
  choice.rendered = &rendered;
  choice.ids = contract_answer.ids;
  pick(context.evidence, client, context.service, rendered, contract_answer, choice);
  if (choice.prepared->said.plain && wants_it_plain(context.evidence, client, choice)) {
    speak_plainly(context.evidence, rendered, choice);
  }
  fit_to_visitor(context, choice);
  return choice;
}

}  // namespace intermission::gateway
