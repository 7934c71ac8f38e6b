// Any bytes as a pass, as cookies and as a link: none gets through without the key.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gate/bypass.h"
#include "gate/pass_text.h"
#include "gateway/pass.h"

namespace {

constexpr std::string_view kKey = "a key that no input can have been signed with";

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace intermission;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const base::TimePoint now{};
  require(!gate::is_pass(text, "orders", kKey, now));
  if (const auto until = gate::end_of_pass(text)) require(*until >= now);

  // Whatever stands around it, a pass is hidden.
  const std::string pass = gate::sign_pass("orders", now + base::Seconds(1), kKey);
  const std::string shown = std::string(text) + "intermission-bypass=" + pass + std::string(text);
  require(gate::hide_passes(shown).find(pass.substr(2)) == std::string::npos ||
          text.find(pass.substr(2)) != std::string_view::npos);

  http::Request request;
  const std::string target = "/" + std::string(text);
  request.reset("GET", target, 11);
  request.add_field("Cookie", text);
  const auto found = gateway::pass_in_cookies(request.values(http::Field::kCookie), "orders");
  require(found.find(';') == std::string_view::npos);

  catalog::Service service;
  service.name = "orders";
  service.bypass.key = kKey;
  const gateway::ForwardedRequest forwarded(request, {});
  http::Response response;
  require(!gateway::answer_link(forwarded, service, now, response));
  require(response.fields.empty());
  return 0;
}
