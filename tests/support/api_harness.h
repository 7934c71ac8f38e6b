// Calls of the operator's API without a port.
#pragma once

#include <rapidjson/document.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "control/api.h"
#include "control/json_text.h"
#include "support/control_harness.h"

namespace intermission::testing {

inline const std::string kToken = "0123456789abcdef0123456789abcdef";

using ApiFields = std::vector<std::pair<std::string, std::string>>;

/// What a decent client sends, but for what a test changes.
struct ApiCall {
  std::string body = {};
  ApiFields fields = {};
  std::string authorization = "Bearer " + kToken;  // empty: there is no such field
  std::string host = "localhost";
  std::string content_type = "application/json";  // only where there is a body
  bool body_complete = true;
  std::string peer = "127.0.0.1";
};

struct ApiAnswer {
  std::uint16_t status = 0;
  std::string fields;
  std::string body;
  bool close = false;
  std::unique_ptr<http::Stream> stream;
  std::unique_ptr<http::DeferredAnswer> deferred;

  bool has(std::string_view line) const {
    return ("\r\n" + fields).find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
  }
  std::string member(const char* name) const {
    rapidjson::Document document;
    document.Parse(body);
    if (document.HasParseError() || !document.IsObject() || !document.HasMember(name)) return "";
    const rapidjson::Value& value = document[name];
    return value.IsString() ? value.GetString() : control::json_of(value);
  }
  /// "422 until: expected …", or the body of what is no refusal.
  std::string told() const {
    const std::string detail = member("detail");
    if (detail.empty()) return body;
    const std::string field = member("field");
    return std::to_string(status) + " " + (field.empty() ? "" : field + ": ") + detail;
  }
};

/// What a test says was counted.
class FixedTelemetry final : public observe::Telemetry {
 public:
  std::string metrics() const override { return "some_total 1\n"; }
  std::vector<observe::Caller> callers() const override { return called; }
  std::vector<observe::AnswerCount> answers() const override { return answered; }
  std::vector<observe::MinuteCount> history(base::TimePoint) const override { return minutes; }

  std::vector<observe::Caller> called = {};
  std::vector<observe::AnswerCount> answered = {};
  std::vector<observe::MinuteCount> minutes = {};
};

class ApiHarness {
 public:
  explicit ApiHarness(std::string configuration) : world(std::move(configuration)) {}

  ApiAnswer ask(std::string_view method, std::string_view target, const ApiCall& call = {}) {
    http::Request request;
    fill(request, method, target, call);
    http::Response response;
    control::Api api(parts());
    http::Handled handled = api.answer(request, response);
    return answer_of(response, std::move(handled));
  }
  static ApiAnswer answer_of(http::Response& response, http::Handled handled = {}) {
    return {response.status,          response.fields.text(),     std::string(response.body.view()),
            handled.close_connection, std::move(response.stream), std::move(handled.deferred)};
  }
  void fill(http::Request& request, std::string_view method, std::string_view target,
            const ApiCall& call) const {
    request.reset(method, target, 11);
    request.set_peer(http::Address::parse(call.peer));
    request.add_field("Host", call.host);
    if (!call.authorization.empty()) request.add_field("Authorization", call.authorization);
    if (!call.body.empty() && !call.content_type.empty()) {
      request.add_field("Content-Type", call.content_type);
    }
    for (const auto& [name, value] : call.fields) request.add_field(name, value);
    request.set_body(call.body, call.body_complete);
  }
  control::ApiParts& parts() {
    if (!parts_) {
      parts_.reset(new control::ApiParts{world.control_plane(), wrong_tokens, kToken,
                                         control::KnownHosts("127.0.0.1", {"ops.example"}),
                                         telemetry, [this] { return draining; }});
    }
    return *parts_;
  }

  ControlHarness world;
  control::WrongTokens wrong_tokens{world.clock, {}};
  FixedTelemetry telemetry;
  bool draining = false;

 private:
  std::unique_ptr<control::ApiParts> parts_;
};

}  // namespace intermission::testing
