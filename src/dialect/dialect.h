// A dialect: one kind of client, how it is recognised, what can be offered to it, and how it
// is answered. Each lives in one file and has one row in table.cc, whose order is precedence.
//
//   triggers     what a request must show for recognise() to be asked about it at all
//   recognise()  looks at a request and claims it, joins the negotiation, or stays out
//   render()     makes everything it may say, once, when the Snapshot is built
//   fit()        optional: what of a request render() fits its words to
//   repeat()     optional: makes the answer anew where it must repeat part of the request, or
//                where its form depends on the wait (a length, a checksum)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/service.h"
#include "dialect/request_evidence.h"
#include "dialect/triggers.h"
#include "http/field_lines.h"
#include "page/notice.h"

namespace intermission::dialect {

/// One thing a dialect can say, rendered early.
struct Representation {
  std::string media_type;    // lower case, without parameters: what is negotiated
  std::string content_type;  // as sent, with parameters; empty: no Content-Type
  std::uint16_t status = 503;
  std::string fields = {};  // further field lines, each with CRLF; may hold kSecondsMark
  std::string body = {};    // may hold kSecondsMark
  /// Behind a gate any 2xx opens the door: what is said there instead of `status`.
  std::uint16_t gate_status = 503;
  /// Whether content codings are offered: not for streams and frames.
  bool may_be_coded = true;
  /// Without the fields that every other answer carries (Retry-After, X-Maintenance and the
  /// like) but Cache-Control and Vary: for answers that are not about the maintenance itself.
  bool omit_maintenance_headers = false;
  /// Without Retry-After alone, for clients that break on it; a member of the body says the wait.
  bool omit_retry_after = false;
  /// Where in render()'s list the same body stands under the type that programs read which know no
  /// other: sent in place of this where the request has no Accept, or accepts only other types of
  /// the same syntax.
  std::optional<std::size_t> plain = {};
  /// What Content-Language says where it is not the message's language.
  std::string language = {};
};

/// What an answer repeats of its request.
struct Repeated {
  std::optional<std::string> body = {};  // as it is sent; nothing: as rendered early
  http::FieldLines fields = {};          // further ones
};

struct Claim {
  enum class Strength : std::uint8_t {
    kNone,    // not for this client
    kOffers,  // its representations join the negotiation by Accept
    kSure,    // protocol evidence: this dialect answers, and Accept has no say (rule 9)
  };
  Strength strength = Strength::kNone;
  /// The body would tell more; it is read before the question is asked again. Only heeded
  /// while RequestEvidence::body_unread().
  bool needs_body = false;
  /// Evidence of the request's kind: which of the representations it speaks for.
  std::optional<std::size_t> favours = {};
  /// Whether Representation::plain of that is better, unless Accept names the other by its type.
  bool plainly = false;
  std::string_view why = {};  // in plain words, for explain; lives for ever
};

/// Which operation of the service's WSDL a request calls. Views into the service.
struct CalledOperation {
  std::string_view name;
  std::string_view by;     // what told, in plain words
  std::string_view fault;  // that it declares and that is said; empty where none fits
};

struct Dialect {
  std::string_view name;       // as `answer:` in the configuration names it
  std::string_view speaks_to;  // in a few words, for people

  /// How such a client is known, for people: the evidence, strongest first.
  std::string_view known_by;

  /// A row without triggers is never asked: only a rule or the service's `answer` chooses it.
  Triggers triggers = {};

  /// Whether it says in general what the contract of a service says exactly: where an operation
  /// promises a body of its own, this is not on offer.
  bool yields_to_contract = false;

  /// Must not fail whatever the request holds. Allocates nothing unless it reads the body.
  Claim (*recognise)(RequestEvidence& evidence);

  /// At least one; the first is what is said when nothing is acceptable to the client.
  std::vector<Representation> (*render)(const page::Notice& notice,
                                        const catalog::Service& service);

  /// What of the request render() shall find in Notice::fit, and in Notice::words_language the
  /// visitor's language among all that there are words in. Null where a dialect says the same to
  /// everybody. Allocates nothing.
  page::Fit (*fit)(RequestEvidence& evidence) = nullptr;

  /// What `said` repeats of this request; here `notice.seconds` is known, and `claim` is what
  /// recognise() has found. Null where a dialect never repeats anything. Foreign text goes
  /// through FieldLines::add(), in `body` through an escape.
  Repeated (*repeat)(RequestEvidence& evidence, const page::Notice& notice,
                     const Representation& said, const Claim& claim) = nullptr;

  /// For explain, where `claim` is sure. Null where a dialect knows no operations.
  std::optional<CalledOperation> (*called)(RequestEvidence& evidence, const Claim& claim) = nullptr;
};

}  // namespace intermission::dialect
