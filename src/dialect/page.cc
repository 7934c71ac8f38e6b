// The page for people: see page_document.h for what it is, page_fit.h for what it is fitted to.
#include <algorithm>

#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/html.h"
#include "dialect/page_fit.h"
#include "http/request_id.h"
#include "page/content_policy.h"
#include "page/page_document.h"

namespace intermission::dialect::page_of_browsers {
namespace {

using http::Field;

// Browsers at a terminal whose Accept is */*.
const Names kTextBrowsers = {"Links", "ELinks"};

Claim claim_text_browser(RequestEvidence& evidence) {
  if (evidence.method_class() != kRead) return {};
  const std::string_view agent = evidence.value(Field::kUserAgent);
  for (const std::string_view product : kTextBrowsers) {
    if (!is_product(agent, product)) continue;
    return {.strength = Claim::Strength::kOffers, .favours = 0, .why = "User-Agent is a browser's"};
  }
  return {};
}

Claim recognise(RequestEvidence& evidence) {
  Claim claim = claim_html(evidence);
  if (claim.strength == Claim::Strength::kNone) return claim_text_browser(evidence);
  if (wants_little(evidence)) claim = {};
  return claim;
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service& service) {
  Representation page;
  page.media_type = "text/html";
  page.content_type = "text/html; charset=utf-8";
  page.body = page::page_document(notice, service);
  page.language = notice.words_language;
  // Server-Timing is what a script can read of its own document's head: how long to wait.
  page.fields = "Content-Security-Policy: " + page::content_policy(page.body) +
                "\r\n"
                "Referrer-Policy: no-referrer\r\n"
                "Accept-CH: " +
                std::string(kAcceptCh) +
                "\r\nServer-Timing: wait;dur=" + std::string(page::kSecondsMark) + "\r\n";
  return {page};
}

bool is_plain(char c) {
  return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '_' || c == '.' || c == ':';
}

// The id under which support finds this request. It is another one in every request and in no
// shared cache, so it is not in Vary either.
Repeated repeat(RequestEvidence& evidence, const page::Notice&, const Representation&,
                const Claim&) {
  for (const Field field : {Field::kXRequestId, Field::kXVcapRequestId}) {
    const std::string_view id = http::request_id(evidence.request(), field);
    if (id.empty() || !std::all_of(id.begin(), id.end(), is_plain)) continue;
    Repeated repeated;
    repeated.fields.add("Server-Timing", "request;desc=\"" + std::string(id) + "\"");
    return repeated;
  }
  return {};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "page",
    .speaks_to = "browsers",
    .known_by =
        "Sec-Fetch-Mode navigate; without it, Accept names text/html; User-Agent Links or ELinks",
    .triggers = {{.fields = {Field::kSecFetchMode}, .accepts = {"text/html"}},
                 {.methods = kRead, .products = kTextBrowsers}},
    .recognise = recognise,
    .render = render,
    .fit = fit_page,
    .repeat = repeat,
};

}  // namespace intermission::dialect::page_of_browsers
