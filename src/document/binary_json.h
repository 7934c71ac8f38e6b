// The values of JSON in the binary forms that some clients ask for instead: CBOR (RFC 8949) and
// MessagePack (msgpack/spec.md). Both name members in their order, as `value` does. Numbers take as
// few bytes as they need; one with a fraction takes eight.
#pragma once

#include <rapidjson/document.h>

#include <string>
#include <string_view>

namespace intermission::document {

std::string cbor_of(const rapidjson::Value& value);
std::string message_pack_of(const rapidjson::Value& value);

/// A text, which is UTF-8, as CBOR.
std::string cbor_text(std::string_view text);

}  // namespace intermission::document
