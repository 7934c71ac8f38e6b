#include "gateway/pass.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/text.h"
#include "gate/bypass.h"
#include "gate/pass_text.h"
#include "http/forwarded.h"
#include "http/target.h"
#include "http/told_scheme.h"

namespace intermission::gateway {
namespace {

using gate::kBypassName;

// A tab as well, which a field may hold.
constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t' || base::is_control(c);
}

// Browsers take a backslash for a slash and drop tabs and line ends (WHATWG URL §4.4), and what
// begins with two slashes is another host.
bool may_lead_away(std::string_view path) {
  if (!path.starts_with('/') || path.find('\\') != std::string_view::npos) return true;
  return path.size() > 1 && (path[1] == '/' || is_blank(path[1]));
}

// Whether the path, as a Location of its own, stays on this host for everybody who reads it: also
// for those who undo its encoding, or remove dot segments, before they pass it on.
bool stays_here(std::string_view path) {
  constexpr int kReadings = 3;  // "%252f" is a slash to those who decode twice
  const auto is_strange = [](char c) { return is_blank(c) || (c & 0x80) != 0; };
  if (std::any_of(path.begin(), path.end(), is_strange)) return false;
  std::string reading(path);
  for (int i = 0; i < kReadings; ++i) {
    if (may_lead_away(reading)) return false;
    reading = http::decode_path(reading);
  }
  return !may_lead_away(reading);
}

// The URL of a link without its pass, as a reference to the same host.
std::string without_pass(const http::Request& request) {
  std::string target = stays_here(request.path()) ? std::string(request.path()) : "/";
  char separator = '?';
  std::string_view query = request.query();
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (gate::is_bypass_name(pair.substr(0, pair.find('=')))) continue;
    target += separator;
    target += pair;
    separator = '&';
  }
  return target;
}

// Whether the client speaks TLS, with this gateway or with the router, as any field of a trusted
// proxy tells. Where it does, a cookie without Secure could be read on the way by another request.
bool speaks_tls(const ForwardedRequest& forwarded) {
  const bool secure = forwarded.received().is_secure();
  if (!forwarded.is_passed_on()) return secure;
  const http::Request& request = forwarded.request();
  // A router that passes TLS through tells nothing.
  if (secure && http::told_scheme(request) == http::ToldScheme::kUnknown) return true;
  return http::tells_tls(request) || base::istarts_with(request.target(), "https:");
}

// Of the names that a service answers for, one that a link can lead to.
std::string host_of_link(const catalog::Service& service) {
  for (const std::string& host : service.hosts) {
    if (host.starts_with("**.")) return host.substr(3);
    if (!host.starts_with('*')) return host;
  }
  return "HOST";
}

}  // namespace

std::string_view pass_in_cookies(http::FieldValues cookies, std::string_view service) {
  for (std::string_view rest : cookies) {
    while (!rest.empty()) {
      const auto end = rest.find(';');
      std::string_view pair = base::trim(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      if (!pair.starts_with(kBypassName)) continue;
      pair.remove_prefix(kBypassName.size());
      if (!pair.starts_with('-')) continue;
      pair.remove_prefix(1);
      if (pair.starts_with(service) && pair.substr(service.size()).starts_with('=')) {
        return pair.substr(service.size() + 1);
      }
    }
  }
  return {};
}

Bypassed look_for_pass(dialect::RequestEvidence& evidence, const ForwardedRequest& forwarded,
                       const catalog::Service& service, base::TimePoint now) {
  const catalog::Bypass& bypass = service.bypass;
  if (forwarded.is_passed_on() && !bypass.addresses.empty()) {
    http::FieldSet addresses;
    addresses.add(http::Field::kForwarded);
    addresses.add(http::Field::kXForwardedFor);
    evidence.consult(addresses);
  }
  if (forwarded.client() && http::is_in(*forwarded.client(), bypass.addresses)) {
    return Bypassed::kAllowed;
  }
  if (bypass.key.empty()) return Bypassed::kNone;
  const std::string_view pass =
      pass_in_cookies(evidence.values(http::Field::kCookie), service.name);
  if (gate::is_pass(pass, service.name, bypass.key, now)) return Bypassed::kAllowed;
  const auto link = http::query_value(forwarded.request().query(), kBypassName);
  const bool wrong_link = link && !gate::is_pass(*link, service.name, bypass.key, now);
  return pass.empty() && !wrong_link ? Bypassed::kNone : Bypassed::kRefused;
}

PassLink make_pass_link(const catalog::Service& service, base::TimePoint until) {
  const std::string pass = gate::sign_pass(service.name, until, service.bypass.key);
  const std::string path = service.paths.front() == "/" ? "" : service.paths.front();
  return {fmt::format("https://{}{}/?{}={}", host_of_link(service), path, kBypassName, pass),
          fmt::format("{}-{}={}", kBypassName, service.name, pass)};
}

bool answer_link(const ForwardedRequest& forwarded, const catalog::Service& service,
                 base::TimePoint now, http::Response& response) {
  const http::Request& request = forwarded.request();
  if (service.bypass.key.empty()) return false;
  if (request.method() != "GET" && request.method() != "HEAD") return false;
  const auto pass = http::query_value(request.query(), kBypassName);
  if (!pass || !gate::is_pass(*pass, service.name, service.bypass.key, now)) return false;
  response.status = 303;
  response.fields += "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n";
  response.add_field("Location", without_pass(request));
  response.add_field(
      "Set-Cookie",
      fmt::format("{}-{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}", kBypassName,
                  service.name, *pass, (*gate::end_of_pass(*pass) - now).count(),
                  speaks_tls(forwarded) ? "; Secure" : ""));
  return true;
}

}  // namespace intermission::gateway
