#include "document/binary_json.h"

#include <bit>
#include <cstdint>

#include "document/json_of.h"

namespace intermission::document {
namespace {

// How a form writes a number in front of what it counts: in the first byte if it is small, or
// behind a byte that says how many bytes it takes. 0 where the form knows no such byte.
struct Head {
  std::uint64_t in_first;  // how many numbers the first byte can hold
  unsigned first;
  unsigned one, two, four, eight;
};

struct Form {
  Head positive;
  Head negative;  // of -1 - n, for n
  Head text;
  Head list;
  Head members;
  unsigned null, no, yes, fraction;
};

// RFC 8949 §3.
constexpr Head cbor_head(unsigned major) {
  const unsigned first = major << 5;
  return {24, first, first + 24, first + 25, first + 26, first + 27};
}
constexpr Form kCbor = {cbor_head(0), cbor_head(1), cbor_head(3), cbor_head(4), cbor_head(5),
                        0xf6,         0xf4,         0xf5,         0xfb};

// Negative numbers are written in two's complement there.
constexpr Form kMessagePack = {.positive = {128, 0x00, 0xcc, 0xcd, 0xce, 0xcf},
                               .negative = {32, 0, 0xd0, 0xd1, 0xd2, 0xd3},
                               .text = {32, 0xa0, 0xd9, 0xda, 0xdb, 0},
                               .list = {16, 0x90, 0, 0xdc, 0xdd, 0},
                               .members = {16, 0x80, 0, 0xde, 0xdf, 0},
                               .null = 0xc0,
                               .no = 0xc2,
                               .yes = 0xc3,
                               .fraction = 0xcb};

void append_bytes(std::string& out, std::uint64_t value, unsigned bytes) {
  while (bytes-- > 0) out += static_cast<char>(value >> (8 * bytes) & 0xff);
}

// `sent` is what is written of `number`, in as many bytes as `number` needs with `spare` bits.
void append_wide(std::string& out, const Head& head, std::uint64_t number, std::uint64_t sent,
                 unsigned spare) {
  const auto fits = [&](unsigned bytes) { return number >> (8 * bytes - spare) == 0; };
  const unsigned bytes = head.one != 0 && fits(1) ? 1 : fits(2) ? 2 : fits(4) ? 4 : 8;
  const unsigned first = bytes == 1   ? head.one
                         : bytes == 2 ? head.two
                         : bytes == 4 ? head.four
                                      : head.eight;
  append_bytes(out, first, 1);
  append_bytes(out, sent, bytes);
}

void append_head(std::string& out, const Head& head, std::uint64_t number) {
  if (number < head.in_first) {
    append_bytes(out, head.first + number, 1);
  } else {
    append_wide(out, head, number, number, 0);
  }
}

void append_text(std::string& out, const Form& form, std::string_view text) {
  append_head(out, form.text, text.size());
  out += text;
}

void append_negative(std::string& out, const Form& form, std::int64_t value) {
  const auto below = static_cast<std::uint64_t>(-1 - value);
  const auto complement = static_cast<std::uint64_t>(value);
  if (&form == &kCbor) {
    append_head(out, form.negative, below);
  } else if (below < form.negative.in_first) {
    append_bytes(out, complement, 1);
  } else {
    append_wide(out, form.negative, below, complement, 1);
  }
}

void append(std::string& out, const Form& form, const rapidjson::Value& value) {
  if (value.IsObject()) {
    append_head(out, form.members, value.MemberCount());
    for (const auto& member : value.GetObject()) {
      append_text(out, form, view_of(member.name));
      append(out, form, member.value);
    }
  } else if (value.IsArray()) {
    append_head(out, form.list, value.Size());
    for (const auto& item : value.GetArray()) append(out, form, item);
  } else if (value.IsString()) {
    append_text(out, form, view_of(value));
  } else if (value.IsUint64()) {
    append_head(out, form.positive, value.GetUint64());
  } else if (value.IsInt64()) {
    append_negative(out, form, value.GetInt64());
  } else if (value.IsNumber()) {
    append_bytes(out, form.fraction, 1);
    append_bytes(out, std::bit_cast<std::uint64_t>(value.GetDouble()), 8);
  } else {
    append_bytes(out, value.IsNull() ? form.null : value.GetBool() ? form.yes : form.no, 1);
  }
}

std::string in(const Form& form, const rapidjson::Value& value) {
  std::string out;
  append(out, form, value);
  return out;
}

}  // namespace

std::string cbor_of(const rapidjson::Value& value) {
  return in(kCbor, value);
}

std::string message_pack_of(const rapidjson::Value& value) {
  return in(kMessagePack, value);
}

std::string cbor_text(std::string_view text) {
  std::string out;
  append_text(out, kCbor, text);
  return out;
}

}  // namespace intermission::document
