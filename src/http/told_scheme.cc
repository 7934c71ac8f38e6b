#include "http/told_scheme.h"

#include <algorithm>
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
void for_each_member(FieldValues lines, Hear hear) {
  for (std::string_view rest : lines) {
    while (!rest.empty()) {
      const auto end = rest.find(',');
      hear(base::trim(rest.substr(0, end)));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
  }
}

}  // namespace

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
