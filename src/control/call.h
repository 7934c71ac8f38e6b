// One call of the operator's API: what was asked, and what is answered.
#pragma once

#include <rapidjson/document.h>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "control/refusal.h"
#include "http/handler.h"
#include "http/request.h"
#include "http/response.h"

namespace intermission::control {

struct Call {
  const http::Request& request;
  http::Response& response;
  std::string service = {};  // from the path
  std::string window = {};
  rapidjson::Document body = {};  // an object; empty where there was no body
  http::Handled handled = {};

  /// Reads the body. Members outside `known` are refused, for they would be ignored.
  std::optional<Refusal> read_body(std::initializer_list<std::string_view> known);
  std::optional<std::string_view> text(std::string_view member) const;

  /// Of If-Match: an entity tag that this API gave out. Nothing where any version will do.
  /// Refuses what is neither.
  std::optional<Refusal> read_expected(std::optional<std::uint64_t>& expected) const;
  /// X-Operator: the operator's name, as the caller gives it; at most 100 printable bytes.
  std::string by() const;

  void answer_json(std::uint16_t status, std::string json) const;
  void answer_text(std::uint16_t status, std::string_view type, std::string text) const;
  void refuse(const Refusal& refusal) const;
};

/// "7" as an entity tag (RFC 9110 §8.8.3).
std::string entity_tag(std::uint64_t version);

/// `until`, a time, or `for`, a duration: at most one of them.
std::optional<Refusal> read_end(const Call& call, base::TimePoint now,
                                std::optional<base::TimePoint>& end);

}  // namespace intermission::control
