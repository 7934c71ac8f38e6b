// Any bytes as a pass, as cookies and as a link: nobody gets through without the key.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gate/bypass.h"
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

  http::Request request;
  const std::string target = "/" + std::string(text);
  request.reset("GET", target, 11);
  request.add_field("Cookie", text);
  const auto pass = gateway::pass_in_cookies(request.values(http::Field::kCookie), "orders");
  require(pass.find(';') == std::string_view::npos);

  catalog::Service service;
  service.name = "orders";
  service.bypass.key = kKey;
  const gateway::Origin origin(request, {});
  http::Response response;
  require(!gateway::answer_link(origin, service, now, response));
  require(response.fields.empty());
  return 0;
}
