// Any bytes as a call of the operator's API: the first line is its method and its target, the
// second its If-Match, the rest its body. It is answered in JSON or text, and what is refused
// changes nothing.
#include <rapidjson/document.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "control/api.h"
#include "observe/metrics.h"
#include "support/fake_clock.h"

namespace {

using namespace intermission;

void require(bool condition) {
  if (!condition) std::abort();
}

std::string_view take_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  return line;
}

const catalog::Catalog& configured() {
  static const auto configuration = catalog::load_text(R"(
services:
  - { name: orders, maintenance: off, message: { en: Back soon, de: Bald } }
  - name: weekly
    hosts: [weekly.example.com]
    maintenance: scheduled
    windows: [ { start: 2026-01-04T02:00:00, zone: Europe/Berlin, for: 2h, rrule: FREQ=WEEKLY } ]
)",
                                                       "f", {});
  return configuration->catalog;
}

// Which method is asked for with which path; a HEAD is a GET without a body.
void check_answer(const http::Request& request, const http::Response& response) {
  require(response.status >= 200 && response.status < 600);
  const bool is_json =
      response.fields.text().find("Content-Type: application/json") != std::string::npos;
  const bool is_problem =
      response.fields.text().find("application/problem+json") != std::string::npos;
  require((response.status >= 400) == is_problem);
  if (!is_json && !is_problem) return;
  rapidjson::Document document;
  document.Parse(response.body.view().data(), response.body.size());
  require(!document.HasParseError() && document.IsObject());
  require(response.status != 401 || request.value(http::Field::kAuthorization).empty());
}

// An operator's API with nothing changed yet. To make one takes long, so it serves until a call
// changes it: each input finds the same.
class Fixture {
 public:
  void answer(const http::Request& request, http::Response& response) {
    api_.answer(request, response);
  }
  std::uint64_t version() const { return control_plane_->view().state->version; }

 private:
  std::unique_ptr<control::ControlPlane> open() {
    auto control_plane = control::ControlPlane::open(
        {[]() -> base::Result<catalog::Configuration> { return base::Error{"there is no file"}; },
         store_, clock_, events_, [](const std::string&) {}},
        configured().with({}));
    require(static_cast<bool>(control_plane));
    return std::move(*control_plane);
  }

  control::MemoryStore store_;
  const testing::FakeClock clock_{base::TimePoint{base::Seconds{1'796'164'200}}};
  control::Events events_;
  const std::unique_ptr<control::ControlPlane> control_plane_ = open();
  control::WrongTokens wrong_tokens_{clock_, {}};
  const observe::Traffic traffic_;
  const observe::Metrics metrics_{traffic_, {}};
  const control::ApiParts parts_{*control_plane_, wrong_tokens_,
                                 "token",         control::KnownHosts("127.0.0.1", {}),
                                 metrics_,        [] { return false; }};
  control::Api api_{parts_};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  std::string_view target = take_line(rest);
  const std::string_view method = target.substr(0, target.find(' '));
  target.remove_prefix(std::min(target.size(), method.size() + 1));
  const std::string_view expected = take_line(rest);

  http::Request request;
  request.reset(method, target, 11);
  request.add_field("Host", "localhost");
  request.add_field("Authorization", "Bearer token");
  request.add_field("Content-Type", "application/json");
  if (!expected.empty()) request.add_field("If-Match", expected);
  request.set_body(rest, true);
  static auto fixture = std::make_unique<Fixture>();
  http::Response response;
  fixture->answer(request, response);
  check_answer(request, response);
  const std::uint64_t version = fixture->version();
  require(version <= 1 && (response.status < 400 || version == 0));
  if (version != 0) fixture = std::make_unique<Fixture>();
  return 0;
}
