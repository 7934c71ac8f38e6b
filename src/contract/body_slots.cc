#include "contract/body_slots.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <array>

namespace intermission::contract {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr char kEscape = '\x01';
// Of the year 2100, as long as a moment can be.
constexpr std::uint64_t kLateSeconds = 4'102'444'800;
constexpr std::string_view kLate = "2100-01-01T00:00:00Z";

constexpr std::array<const char*, 8> kSlots = {"\x01s", "\x01S", "\x01m", "\x01n",
                                               "\x01u", "\x01U", "\x01p", "\x01i"};

void write(Writer& writer, const rapidjson::Value& value, const Facts& facts) {
  if (const auto slot = slot_of(value)) {
    const std::string text = text_of_slot(*slot, facts);
    const std::string raw = is_number(*slot) ? text : '"' + text + '"';
    writer.RawValue(raw.data(), raw.size(), rapidjson::kStringType);
  } else if (value.IsObject()) {
    writer.StartObject();
    for (const auto& member : value.GetObject()) {
      writer.Key(member.name.GetString(), member.name.GetStringLength());
      write(writer, member.value, facts);
    }
    writer.EndObject();
  } else if (value.IsArray()) {
    writer.StartArray();
    for (const auto& item : value.GetArray()) write(writer, item, facts);
    writer.EndArray();
  } else {
    value.Accept(writer);
  }
}

}  // namespace

rapidjson::Value slot_value(Slot slot) {
  for (const char* text : kSlots) {
    if (text[1] == static_cast<char>(slot)) return rapidjson::Value(rapidjson::StringRef(text, 2));
  }
  return {};
}

std::optional<Slot> slot_of(const rapidjson::Value& value) {
  if (!value.IsString() || value.GetStringLength() != 2 || value.GetString()[0] != kEscape) {
    return {};
  }
  return static_cast<Slot>(value.GetString()[1]);
}

rapidjson::Value example_of(Slot slot, const Facts& facts,
                            rapidjson::Document::AllocatorType& pool) {
  using rapidjson::Value;
  switch (slot) {
    case Slot::kSeconds:
      return Value(facts.most_seconds);
    case Slot::kSecondsText:
      return Value(std::to_string(facts.most_seconds), pool);
    case Slot::kMillis:
      return Value(std::uint64_t{facts.most_seconds} * 1000);
    case Slot::kNow:
      return Value(rapidjson::StringRef(kLate.data(), kLate.size()));
    case Slot::kNowSeconds:
      return Value(kLateSeconds);
    case Slot::kNowMillis:
      return Value(kLateSeconds * 1000);
    case Slot::kPath:
      return Value("/some/path");
    case Slot::kRequestId:
      return Value("0123456789abcdef");
  }
  return {};
}

std::string text_of_slot(Slot slot, const Facts& facts) {
  switch (slot) {
    case Slot::kSeconds:
    case Slot::kSecondsText:
      return std::string(facts.seconds);
    case Slot::kMillis:
      return std::string(facts.seconds) + "000";
    case Slot::kNow:
      return std::string(facts.now);
    case Slot::kNowSeconds:
      return std::string(facts.now_seconds);
    case Slot::kNowMillis:
      return std::string(facts.now_seconds) + "000";
    case Slot::kPath:
      return std::string(facts.path);
    case Slot::kRequestId:
      return std::string(facts.request_id);
  }
  return {};
}

bool is_number(Slot slot) {
  return slot == Slot::kSeconds || slot == Slot::kMillis || slot == Slot::kNowSeconds ||
         slot == Slot::kNowMillis;
}

rapidjson::Value concrete(const rapidjson::Value& body, const Facts& facts,
                          rapidjson::Document::AllocatorType& pool) {
  if (const auto slot = slot_of(body)) return example_of(*slot, facts, pool);
  if (body.IsObject()) {
    rapidjson::Value out(rapidjson::kObjectType);
    for (const auto& member : body.GetObject()) {
      out.AddMember(rapidjson::Value(member.name, pool), concrete(member.value, facts, pool), pool);
    }
    return out;
  }
  if (body.IsArray()) {
    rapidjson::Value out(rapidjson::kArrayType);
    for (const auto& item : body.GetArray()) out.PushBack(concrete(item, facts, pool), pool);
    return out;
  }
  return rapidjson::Value(body, pool);
}

std::string write_json(const rapidjson::Value& body, const Facts& facts) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  write(writer, body, facts);
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace intermission::contract
