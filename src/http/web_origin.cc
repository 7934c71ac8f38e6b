#include "http/web_origin.h"

#include <libpsl.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "http/host.h"

namespace intermission::http {
namespace {

constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_scheme(std::string_view text) {
  return !text.empty() && is_lower(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_lower(c) || base::is_digit(c) || c == '+' || c == '-' || c == '.';
         });
}

bool is_bracketed(std::string_view host) {
  return host.size() > 3 && host.front() == '[' && host.back() == ']' &&
         std::all_of(host.begin() + 1, host.end() - 1, [](char c) {
           return base::is_digit(c) || (c >= 'a' && c <= 'f') || c == ':' || c == '.';
         });
}

bool is_host(std::string_view host) {
  if (host.empty() || host.size() > kLongestHost) return false;
  if (host.front() == '[') return is_bracketed(host);
  return std::all_of(host.begin(), host.end(), [](char c) {
    return is_lower(c) || base::is_digit(c) || c == '-' || c == '_' || c == '.';
  });
}

/// A host in lower case, with the NUL that libpsl wants.
class SiteName {
 public:
  explicit SiteName(std::string_view host) {
    if (host.size() > kLongestHost) return;
    std::transform(host.begin(), host.end(), text_.begin(), base::ascii_lower);
    size_ = host.size();
  }
  SiteName(const SiteName&) = delete;
  SiteName& operator=(const SiteName&) = delete;

  std::string_view view() const { return {text_.data(), size_}; }

  /// Empty where there is none.
  std::string_view registrable_domain() const {
    if (!is_host(view()) || view().front() == '[' || view().ends_with('.') ||
        view().starts_with('.') || ends_in_number(view())) {
      return {};
    }
    const char* domain = psl_registrable_domain(psl_builtin(), text_.data());
    return domain == nullptr ? std::string_view{} : std::string_view(domain);
  }

 private:
  std::array<char, kLongestHost + 1> text_{};
  std::size_t size_ = 0;
};

}  // namespace

std::optional<WebOrigin> parse_web_origin(std::string_view text) {
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return {};
  const auto [host, rest] = split_authority(text.substr(colon + 3));
  const std::string_view port = rest.empty() ? rest : rest.substr(1);
  if (!rest.empty() && (rest.front() != ':' || !is_port(port))) return {};
  const WebOrigin origin{text.substr(0, colon), host, port};
  if (!is_scheme(origin.scheme) || !is_host(origin.host)) return {};
  return origin;
}

std::string_view default_port(std::string_view scheme) {
  if (scheme == "https") return "443";
  return scheme == "http" ? "80" : "";
}

bool is_same_site(std::string_view host, std::string_view other) {
  const SiteName one(host);
  const SiteName two(other);
  if (one.view().empty()) return false;
  if (one.view() == two.view()) return true;
  const std::string_view domain = one.registrable_domain();
  return !domain.empty() && domain == two.registrable_domain();
}

}  // namespace intermission::http
