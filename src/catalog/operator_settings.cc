#include "catalog/operator_settings.h"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/read_file.h"
#include "document/document.h"

namespace intermission::catalog {
namespace {

// A whole configuration of one section, read as any other. Names of files are meant from the folder
// of `path`.
std::optional<Configuration> load_section(const std::string& path, const char* section,
                                          const rapidjson::Value& value) {
  rapidjson::StringBuffer text;
  rapidjson::Writer<rapidjson::StringBuffer> writer(text);
  writer.StartObject();
  writer.Key(section);
  value.Accept(writer);
  writer.EndObject();
  auto loaded = load_text({text.GetString(), text.GetSize()}, path, {});
  if (!loaded) return {};
  return std::move(*loaded);
}

// Without the members that are wrong for themselves.
std::optional<Configuration> load_sound_members(const std::string& path, const char* section,
                                                const rapidjson::Value& value) {
  if (!value.IsObject()) return {};
  rapidjson::Document sound(rapidjson::kObjectType);
  auto& allocator = sound.GetAllocator();
  for (const auto& member : value.GetObject()) {
    rapidjson::Value alone(rapidjson::kObjectType);
    alone.AddMember(rapidjson::Value(member.name, allocator),
                    rapidjson::Value(member.value, allocator), allocator);
    if (!load_section(path, section, alone)) continue;
    sound.AddMember(rapidjson::Value(member.name, allocator),
                    rapidjson::Value(member.value, allocator), allocator);
  }
  return load_section(path, section, sound);
}

// From the line with that key to the next that is not further inside.
std::string lines_of_section(std::string_view text, std::string_view section) {
  std::string lines;
  bool inside = false;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const bool starts_one =
        !line.empty() && std::string_view(" \t#\r").find(line.front()) == std::string_view::npos;
    if (starts_one) {
      inside = line.starts_with(section) && line.substr(section.size()).starts_with(':');
    }
    if (inside) lines.append(line).append("\n");
  }
  return lines;
}

std::optional<Configuration> find_section(const std::string& text, const std::string& path,
                                          const char* section) {
  auto document = document::parse_document(text, path);
  if (!document) document = document::parse_document(lines_of_section(text, section), path);
  if (!document || !document->value.IsObject()) return {};
  const auto member = document->value.FindMember(section);
  if (member == document->value.MemberEnd()) return {};
  auto loaded = load_section(path, section, member->value);
  return loaded ? std::move(loaded) : load_sound_members(path, section, member->value);
}

}  // namespace

base::Result<OperatorSettings> operator_settings(const std::string& path) {
  OperatorSettings settings;
  if (path.empty()) return settings;
  const auto text = base::read_file(path, document::kMaxDocumentBytes, base::Pipes::kAwaited);
  if (!text) return text.error();
  const auto find = [&](const char* section) { return find_section(*text, path, section); };
  if (auto empty = load_text("{}", path, {})) settings.state = std::move(empty->state);
  if (auto control = find("control")) settings.control = std::move(control->control);
  if (auto state = find("state")) settings.state = std::move(state->state);
  if (auto listen = find("listen")) settings.listen = std::move(listen->listen);
  return settings;
}

}  // namespace intermission::catalog
