
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/suggest.h"
#include "base/text.h"
#include "catalog/readers.h"
#include "document/json_of.h"
#include "http/media_type.h"

namespace intermission::catalog {
namespace {

constexpr std::size_t kMaxBody = 65'536;

/// Written by the gateway or its server; a second line of one would break the answer.
constexpr std::array<std::string_view, 13> kOwnHeaders = {
    "Cache-Control",
    "Connection",
    "Content-Encoding",
    "Content-Language",
    "Content-Length",
    "Content-Type",
    "Date",
    "Keep-Alive",
    "Retry-After",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Vary",
};

// Each "{{" must start one of the placeholders, so that no client gets a mistyped one.
void check_placeholders(std::string_view text, const Node& node, Problems& problems) {
  for (auto open = text.find("{{"); open != std::string_view::npos; open = text.find("{{")) {
    text.remove_prefix(open + 2);
    const auto close = text.find("}}");
    if (close == std::string_view::npos) {
      return problems.note(node.error("expected }} after {{"));
    }
    const std::string_view name = text.substr(0, close);
    if (std::find(kPlaceholders.begin(), kPlaceholders.end(), name) == kPlaceholders.end()) {
      const std::string_view near = base::nearest_word(base::trim(name), kPlaceholders);
      std::string known;
      for (const std::string_view placeholder : kPlaceholders) {
        known += (known.empty() ? "" : ", ") + std::string(placeholder);
      }
      return problems.note(
          node.error("unknown placeholder {{" + base::printable(name, 40) + "}}; " +
                     (near.empty() ? "expected one of " + known
                                   : "did you mean {{" + std::string(near) + "}}?")));
    }
    text.remove_prefix(close + 2);
  }
}

void check_strings(const Node& node, Problems& problems) {
  check_placeholders(node.text(), node, problems);
  for (const Node& item : node.items()) check_strings(item, problems);
  for (const auto& [key, value] : node.members()) {
    check_placeholders(key, value, problems);
    check_strings(value, problems);
  }
}

// RFC 9110 §5.5, with obs-text for UTF-8.
bool is_field_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), base::is_control);
}

void read_header(const Node& node, LegacySettings& legacy, Problems& problems) {
  const std::string_view line = node.text();
  const auto colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  if (!is_field_value(line)) {
    return problems.note(node.expected("one header line without control characters"));
  }
  if (colon == std::string_view::npos || !http::is_token(name)) {
    return problems.note(node.expected("a header line such as \"StatusHeader: value\""));
  }
  for (const std::string_view own : kOwnHeaders) {
    if (base::iequals(name, own)) {
      return problems.note(node.error("the gateway writes " + std::string(own) +
                                      " itself; expected another header"));
    }
  }
  check_placeholders(line.substr(colon), node, problems);
  legacy.header_name = name;
  legacy.header_value = base::trim(line.substr(colon + 1));
}

std::string read_body(const Node& node, Problems& problems) {
  check_strings(node, problems);
  std::string body = document::json_of(node.value());
  if (body.size() > kMaxBody) {
    problems.note(
        node.error("expected at most " + std::to_string(kMaxBody) + " bytes when written as JSON"));
  }
  return body;
}

}  // namespace

LegacySettings read_legacy(const Node& node, const LegacySettings& inherited, Problems& problems) {
  LegacySettings legacy = inherited;
  if (const Node status = node["status"]) {
    legacy.status = status.value().GetInt();
    if (legacy.status == 204 || legacy.status == 205 || legacy.status == 304) {
      problems.note(status.expected("a status whose answer has a body"));
    }
  }
  if (const Node header = node["header"]) read_header(header, legacy, problems);
  if (const Node body = node["body"]) legacy.body = read_body(body, problems);
  return legacy;
}

}  // namespace intermission::catalog
