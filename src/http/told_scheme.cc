#include "http/told_scheme.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <string_view>

#include "base/text.h"
#include "http/forwarded.h"

namespace intermission::http {
namespace {

class Finding {
 public:
  void hear(std::string_view scheme) {
    secure_ = secure_ || base::iequals(scheme, "https");
    plain_ = plain_ || base::iequals(scheme, "http");
  }
  ToldScheme told() const {
    if (secure_) return ToldScheme::kHttps;
    return plain_ ? ToldScheme::kHttp : ToldScheme::kUnknown;
  }

 private:
  bool secure_ = false;
  bool plain_ = false;
};

template <typename Hear>
void for_each_member(std::string_view rest, Hear hear) {
  while (!rest.empty()) {
    const auto end = rest.find(',');
    hear(base::trim(rest.substr(0, end)));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
}

template <typename Hear>
void for_each_member(FieldValues lines, Hear hear) {
  for (const std::string_view line : lines) for_each_member(line, hear);
}

// How a field says that the client speaks TLS.
enum class Says : std::uint8_t {
  kScheme,   // https, wss or ssl, perhaps in a list
  kSwitch,   // on, 1, true, yes
  kPort,     // 443
  kUrl,      // https://...
  kVisitor,  // {"scheme":"https"}
  kByBeing,  // whatever it holds: the details of the TLS connection
};

struct SchemeField {
  std::string_view name;
  Says says;
};

constexpr SchemeField kOtherFields[] = {
    {"CF-Visitor", Says::kVisitor},
    {"Cloudfront-Forwarded-Proto", Says::kScheme},
    {"Fastly-SSL", Says::kSwitch},
    {"Front-End-Https", Says::kSwitch},
    {"Https", Says::kSwitch},
    {"WL-Proxy-SSL", Says::kSwitch},
    {"X-AppEngine-Https", Says::kSwitch},
    {"X-ARR-SSL", Says::kByBeing},
    {"X-Client-Proto", Says::kScheme},
    {"X-Client-Scheme", Says::kScheme},
    {"X-Client-SSL", Says::kSwitch},
    {"X-Forwarded-Https", Says::kSwitch},
    {"X-Forwarded-Port", Says::kPort},
    {"X-Forwarded-Proto", Says::kScheme},
    {"X-Forwarded-Protocol", Says::kScheme},
    {"X-Forwarded-Scheme", Says::kScheme},
    {"X-Forwarded-Ssl", Says::kSwitch},
    {"X-Forwarded-Url", Says::kUrl},
    {"X-Forwarded-Uri", Says::kUrl},
    {"X-Https", Says::kSwitch},
    {"X-Original-Proto", Says::kScheme},
    {"X-Original-Scheme", Says::kScheme},
    {"X-Original-Url", Says::kUrl},
    {"X-Proto", Says::kScheme},
    {"X-Real-Proto", Says::kScheme},
    {"X-Real-Scheme", Says::kScheme},
    {"X-Scheme", Says::kScheme},
    {"X-SSL", Says::kSwitch},
    {"X-Url-Scheme", Says::kScheme},
};

bool is_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return base::iequals(text, word); });
}

bool member_tells_tls(Says says, std::string_view member) {
  switch (says) {
    case Says::kScheme:
      return is_any(member, {"https", "wss", "ssl", "tls"});
    case Says::kSwitch:
      return is_any(member, {"on", "1", "true", "yes", "https"});
    case Says::kPort:
      return member == "443";
    case Says::kUrl:
      return base::istarts_with(member, "https:");
    case Says::kVisitor:
      return base::icontains(member, "\"https\"");
    case Says::kByBeing:
      break;
  }
  return !member.empty();
}

bool line_tells_tls(const FieldLine& line) {
  const auto* field =
      std::find_if(std::begin(kOtherFields), std::end(kOtherFields),
                   [&](const SchemeField& known) { return base::iequals(known.name, line.name); });
  if (field == std::end(kOtherFields)) return false;
  bool tells = false;
  for_each_member(line.value, [&](std::string_view member) {
    tells = tells || member_tells_tls(field->says, member);
  });
  return tells;
}

}  // namespace

bool tells_tls(const Request& request) {
  return told_scheme(request) == ToldScheme::kHttps ||
         std::any_of(request.fields().begin(), request.fields().end(), line_tells_tls);
}

ToldScheme told_scheme(const Request& request) {
  Finding finding;
  for (std::string_view list : request.values(Field::kForwarded)) {
    while (!list.empty()) {
      if (const auto hop = take_hop(list)) finding.hear(hop->proto);
    }
  }
  const auto hear = [&](std::string_view member) { finding.hear(member); };
  for_each_member(request.values(Field::kXForwardedProto), hear);
  for_each_member(request.values(Field::kXForwardedScheme), hear);
  for_each_member(request.values(Field::kXForwardedSsl), [&](std::string_view member) {
    if (base::iequals(member, "on")) finding.hear("https");
    if (base::iequals(member, "off")) finding.hear("http");
  });
  for (const std::string_view url : request.values(Field::kXCfForwardedUrl)) {
    finding.hear(url.substr(0, std::min(url.find("://"), url.size())));
  }
  return finding.told();
}

}  // namespace intermission::http
