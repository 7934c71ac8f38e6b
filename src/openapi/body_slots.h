// Places in a body that are written only when it is sent. Until then they are strings that no
// document can hold: they start with a byte that is not UTF-8.
//
//   value = slot_value(Slot::kSeconds);           // in a JSON value, wherever one may stand
//   concrete(body, facts, allocator)              // the same with examples in its slots, to check
//   write_json(body, facts)                       // {"retryAfter":<mark>}: see Facts
#pragma once

#include <rapidjson/document.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "contract/facts.h"

namespace intermission::openapi {

enum class Slot : char {
  kSeconds = 's',      // a number
  kSecondsText = 'S',  // the same in a string
  kMillis = 'm',       // a number
  kNow = 'n',          // RFC 3339
  kNowSeconds = 'u',   // a number, since 1970
  kNowMillis = 'U',    // a number, since 1970
  kPath = 'p',
  kRequestId = 'i',
  kTraceId = 't',
};

/// The longest path that an answer repeats.
inline constexpr std::size_t kLongestPath = 1024;

/// A constant that lives for ever: the value is a view.
rapidjson::Value slot_value(Slot slot);

/// A slot for a text of the request. `example` is one of the texts that it may come to hold; of a
/// path, the longest.
rapidjson::Value slot_value(Slot slot, std::string_view example,
                            rapidjson::Document::AllocatorType& pool);

/// The slot that a value is, if it is one.
std::optional<Slot> slot_of(const rapidjson::Value& value);

/// What a slot may come to hold: one of the values, the largest where that matters.
rapidjson::Value example_of(const rapidjson::Value& slot, const contract::Facts& facts,
                            rapidjson::Document::AllocatorType& pool);

/// What stands in the body for a slot, quotes apart. For a path that is its mark, the most
/// characters that may be told, and the mark again.
std::string text_of_slot(const rapidjson::Value& slot, const contract::Facts& facts);
bool is_number(Slot slot);

rapidjson::Value concrete(const rapidjson::Value& body, const contract::Facts& facts,
                          rapidjson::Document::AllocatorType& pool);

std::string write_json(const rapidjson::Value& body, const contract::Facts& facts);

}  // namespace intermission::openapi
