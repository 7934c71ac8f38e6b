// Clients that never learned a status code: 200, and the truth in a JSON body and a header,
// both as the operator configured them. Nothing in a request gives such a client away, so only
// a rule or the service's own `answer` chooses this dialect.
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <kainjow/mustache.hpp>

#include "dialect/dialect.h"
#include "http/date.h"
#include "http/one_line.h"

namespace intermission::dialect::legacy {
namespace {

Claim recognise(RequestEvidence&) {
  return {};
}

// A string as it stands between the quotes of JSON.
std::string json_escape(std::string text) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.String(text);
  return std::string(buffer.GetString() + 1, buffer.GetSize() - 2);
}

using Escape = std::string (*)(std::string);

std::string fill(const std::string& pattern, const kainjow::mustache::data& values, Escape escape) {
  kainjow::mustache::mustache filled(pattern);
  filled.set_custom_escape(escape);
  return filled.render(values);
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service& service) {
  kainjow::mustache::data values;
  const auto set = [&](const char* name, std::string_view value) {
    values.set(name, std::string(value));
  };
  set("message", notice.message);
  set("title", notice.title);
  set("service", notice.service);
  set("retryAfter", page::kSecondsMark);
  set("startsAt", notice.since ? http::rfc3339(*notice.since) : "");
  set("endsAt", notice.until ? http::rfc3339(*notice.until) : "");

  Representation legacy;
  legacy.media_type = "application/json";
  legacy.content_type = "application/json";
  legacy.status = static_cast<std::uint16_t>(service.legacy.status);
  legacy.fields = service.legacy.header_name + ": " +
                  fill(service.legacy.header_value, values, http::one_line) + "\r\n";
  legacy.body = fill(service.legacy.body, values, json_escape);
  return {legacy};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "legacy",
    .speaks_to = "clients that expect 200 and an error code in JSON",
    .known_by = "a rule, or the service's answer",
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::legacy
