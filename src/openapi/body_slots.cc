#include "openapi/body_slots.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <array>

#include "openapi/api_files.h"

namespace intermission::openapi {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr char kEscape = '\xFF';
// Of the year 2100, as long as a moment can be.
constexpr std::uint64_t kLateSeconds = 4'102'444'800;
constexpr std::string_view kLate = "2100-01-01T00:00:00Z";

constexpr std::array<const char*, 6> kSlots = {"\xFFs", "\xFFS", "\xFFm",
                                               "\xFFn", "\xFFu", "\xFFU"};

// What follows the two characters that make a text a slot.
std::string_view example_in(const rapidjson::Value& slot) {
  return text_of(slot).substr(2);
}

void write(Writer& writer, const rapidjson::Value& value, const contract::Facts& facts) {
  if (const auto slot = slot_of(value)) {
    const std::string text = text_of_slot(value, facts);
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

rapidjson::Value slot_value(Slot slot, std::string_view example,
                            rapidjson::Document::AllocatorType& pool) {
  std::string text = {kEscape, static_cast<char>(slot)};
  text += example;
  return rapidjson::Value(text.data(), static_cast<rapidjson::SizeType>(text.size()), pool);
}

std::optional<Slot> slot_of(const rapidjson::Value& value) {
  if (!value.IsString() || value.GetStringLength() < 2 || value.GetString()[0] != kEscape) {
    return {};
  }
  return static_cast<Slot>(value.GetString()[1]);
}

rapidjson::Value example_of(const rapidjson::Value& slot, const contract::Facts& facts,
                            rapidjson::Document::AllocatorType& pool) {
  using rapidjson::Value;
  switch (*slot_of(slot)) {
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
    case Slot::kRequestId:
    case Slot::kTraceId: {
      const std::string_view example = example_in(slot);
      return Value(example.data(), static_cast<rapidjson::SizeType>(example.size()), pool);
    }
  }
  return {};
}

std::string text_of_slot(const rapidjson::Value& slot, const contract::Facts& facts) {
  switch (*slot_of(slot)) {
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
      return std::string(facts.path) + std::to_string(example_in(slot).size()) +
             std::string(facts.path);
    case Slot::kRequestId:
      return std::string(facts.request_id);
    case Slot::kTraceId:
      return std::string(facts.trace_id);
  }
  return {};
}

bool is_number(Slot slot) {
  return slot == Slot::kSeconds || slot == Slot::kMillis || slot == Slot::kNowSeconds ||
         slot == Slot::kNowMillis;
}

rapidjson::Value concrete(const rapidjson::Value& body, const contract::Facts& facts,
                          rapidjson::Document::AllocatorType& pool) {
  if (slot_of(body)) return example_of(body, facts, pool);
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

std::string write_json(const rapidjson::Value& body, const contract::Facts& facts) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  write(writer, body, facts);
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace intermission::openapi
