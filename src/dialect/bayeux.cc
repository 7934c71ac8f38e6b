// Bayeux (docs.cometd.org, "Bayeux Protocol Specification 1.0"), which CometD, Faye and
// Salesforce's streams speak: a POST holds messages, and each gets a reply on its channel, under
// its id. Clients look for the reason in `error`, under 200; under any other status they know that
// one request failed, and ask again before the wait is over.
//
//   [{"channel":"/meta/connect","clientId":"a","connectionType":"long-polling","id":"7"}]
//   [{"channel":"/meta/connect","successful":false,"error":"503::M",
//     "advice":{"reconnect":"retry","interval":120000},"id":"7"}]
#include <algorithm>
#include <array>
#include <vector>

#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/json_scan.h"
#include "page/words.h"

namespace intermission::dialect::bayeux {
namespace {

// A body of small messages must not make a much larger one: further on replies name the code alone.
constexpr std::size_t kMostText = 256 * 1024;

constexpr std::string_view kTypes[] = {"application/json", "text/json"};

// ------------------------------------------------------------------ reading the request

constexpr std::string_view kHandshake = "\"/meta/handshake\"";
constexpr std::array kChannels = {
    kHandshake, std::string_view("\"/meta/connect\""), std::string_view("\"/meta/subscribe\""),
    std::string_view("\"/meta/unsubscribe\""), std::string_view("\"/meta/disconnect\"")};
// Each message on such a channel has one of them (§4).
constexpr std::array kMembers = {std::string_view("supportedConnectionTypes"),
                                 std::string_view("clientId"), std::string_view("connectionType")};

// As they stand in the body; empty where there is none.
struct Message {
  std::string_view channel;
  std::string_view id;
};

class CollectsMessages : public JsonVisitor {
 public:
  void begin_object() override {
    messages.emplace_back();
    has_member_ = false;
  }
  bool member(std::string_view name, std::string_view value) override {
    if (name == "channel") messages.back().channel = value;
    if (name == "id") messages.back().id = value;
    has_member_ =
        has_member_ || std::find(kMembers.begin(), kMembers.end(), name) != kMembers.end();
    return true;
  }
  void end_object() override {
    const bool is_meta =
        std::find(kChannels.begin(), kChannels.end(), messages.back().channel) != kChannels.end();
    is_bayeux = is_bayeux || (is_meta && has_member_);
  }

  std::vector<Message> messages;
  bool is_bayeux = false;

 private:
  bool has_member_ = false;
};

Claim recognise(RequestEvidence& evidence) {
  if (evidence.method_class() != kPost) return {};
  if (!evidence.sends(kTypes[0]) && !evidence.sends(kTypes[1])) return {};
  if (evidence.body_unread()) return {.needs_body = true};
  const std::string_view body = evidence.request().body();
  // Most JSON is not Bayeux, and need not be looked through member by member.
  if (body.find("\"/meta/") == std::string_view::npos) return {};
  CollectsMessages seen;
  scan_json(body, seen);
  if (!seen.is_bayeux) return {};
  return {.strength = Claim::Strength::kSure, .favours = 0, .why = "the body is one of Bayeux"};
}

// ------------------------------------------------------------------ speaking

// What a reply says beside what it repeats.
struct Refusal {
  std::string error;
  std::string interval;
};

Refusal refusal(const page::Notice& notice) {
  JsonObject error;
  error.text("error", "503::" + page::spoken_text(notice));
  const std::string object = error.finish();
  return {object.substr(1, object.size() - 2), page::wait_text(notice) + "000"};
}

std::string reply(const Message& message, const Refusal& said) {
  // Who is not known yet has nothing to try again but to make itself known.
  const std::string_view reconnect = message.channel == kHandshake ? "handshake" : "retry";
  std::string out = "{";
  if (is_json(message.channel)) out.append("\"channel\":").append(message.channel).append(",");
  out.append("\"successful\":false,").append(said.error);
  out.append(",\"advice\":{\"reconnect\":\"").append(reconnect);
  out.append("\",\"interval\":").append(said.interval).append("}");
  if (!message.id.empty() && is_json(message.id)) out.append(",\"id\":").append(message.id);
  return out + "}";
}

std::string replies(const std::vector<Message>& messages, const Refusal& said) {
  const Refusal brief{"\"error\":\"503::Service Unavailable\"", said.interval};
  std::string out;
  for (const Message& message : messages) {
    out += out.empty() ? '[' : ',';
    out += reply(message, out.size() < kMostText ? said : brief);
  }
  return out + ']';
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  Representation said;
  said.media_type = "application/json";
  said.content_type = "application/json";
  said.status = 200;
  said.body = replies({Message{.channel = kHandshake, .id = {}}}, refusal(notice));
  return {said};
}

Repeated repeat(RequestEvidence& evidence, const page::Notice& notice, const Representation&,
                const Claim&) {
  CollectsMessages seen;
  scan_json(evidence.request().body(), seen);
  if (seen.messages.empty()) return {};
  return {.body = replies(seen.messages, refusal(notice))};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "bayeux",
    .speaks_to = "Bayeux clients: CometD, Faye, Salesforce's streams",
    .known_by = "the body holds a message on a channel such as /meta/handshake",
    .triggers = {{.methods = kPost, .content_types = {kTypes[0], kTypes[1]}}},
    .recognise = recognise,
    .render = render,
    .repeat = repeat,
};

}  // namespace intermission::dialect::bayeux
