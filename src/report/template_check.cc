#include "report/template_check.h"

#include <fmt/format.h>

#include "page/page_document.h"
#include "snapshot/coding.h"

namespace intermission::report {
namespace {

// What the first flight of a new connection carries (ten segments, RFC 6928), less a head.
constexpr std::size_t kOneRoundTrip = 14 * 1024 - 1500;

constexpr std::string_view kMessage = "A message that stands nowhere else";

std::string sample_page(const catalog::Service& service) {
  page::Notice notice;
  notice.service = service.name;
  notice.title = service.title;
  notice.message = kMessage;
  notice.language = "en";
  notice.since = base::TimePoint{base::Seconds(0)};
  notice.until = *notice.since + std::chrono::hours(2);
  return page::page_document(notice, service);
}

}  // namespace

std::vector<std::string> template_findings(const catalog::Service& service) {
  if (service.page.document.empty()) return {};
  const std::string page = sample_page(service);
  const std::size_t sent = snapshot::encode(negotiate::Coding::kBrotli, page).size();
  std::vector<std::string> findings = {fmt::format(
      "the template makes {} bytes, {} in br{}", page.size(), sent,
      sent > kOneRoundTrip ? ": more than fits into the first round trip of a connection" : "")};
  if (page.find(kMessage) == std::string::npos) {
    findings.emplace_back("the template never shows the message");
  }
  for (const auto& [name, line] : page::unknown_variables(service.page.document)) {
    findings.push_back(
        fmt::format("line {} of the template names the unknown variable {}", line, name));
  }
  return findings;
}

}  // namespace intermission::report
