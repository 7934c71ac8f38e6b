#include "support/conversation.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "base/text.h"
#include "support/files.h"

namespace intermission::testing {
namespace {

constexpr std::string_view kDivider = "\n---\n";

std::string cut_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  std::string line(rest.substr(0, end));
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return line;
}

std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("\\r")) {
      out += '\r';
      i += 1;
    } else if (rest.starts_with("\\x") && rest.size() >= 4 && base::hex_value(rest[2]) >= 0 &&
               base::hex_value(rest[3]) >= 0) {
      out += static_cast<char>(base::hex_value(rest[2]) * 16 + base::hex_value(rest[3]));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool has_framing(std::string_view head) {
  return base::icontains(head, "\ncontent-length:") ||
         base::icontains(head, "\ntransfer-encoding:");
}

// The request as written, made into bytes.
std::string to_wire(std::string_view asked) {
  const auto blank = asked.find("\n\n");
  std::string_view head = asked.substr(0, blank);
  std::string body = blank == std::string_view::npos ? "" : unescape(asked.substr(blank + 2));
  std::string out;
  while (!head.empty()) out += unescape(cut_line(head)) + "\r\n";
  if (!body.empty() && !has_framing(asked.substr(0, blank))) {
    out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  return out + "\r\n" + body;
}

void read_preamble(Conversation& conversation, std::string_view& rest) {
  const std::string_view all = rest;
  conversation.shows = cut_line(rest);
  for (std::string line = cut_line(rest); !line.empty(); line = cut_line(rest)) {
    if (line.starts_with("config: ")) {
      conversation.config = line.substr(8);
    } else if (line == "only: socket") {
      conversation.only_socket = true;
    } else {
      throw std::runtime_error("unknown line \"" + line + "\"");
    }
  }
  conversation.preamble = all.substr(0, all.size() - rest.size());
}

void read_response(Conversation& conversation, std::string_view rest) {
  conversation.status_line = cut_line(rest);
  for (std::string line = cut_line(rest); !line.empty(); line = cut_line(rest)) {
    const auto colon = line.find(": ");
    if (colon == std::string::npos) throw std::runtime_error("no field: \"" + line + "\"");
    conversation.fields.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  conversation.body = rest;
  if (conversation.body.ends_with('\n')) conversation.body.pop_back();
}

bool is_servers_own(const std::string& name) {
  return base::iequals(name, "Date") || base::iequals(name, "Connection") ||
         base::iequals(name, "Content-Length");
}

const std::string* find_field(const std::vector<std::pair<std::string, std::string>>& fields,
                              const std::string& name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) {
    return base::iequals(field.first, name);
  });
  return found == fields.end() ? nullptr : &found->second;
}

}  // namespace

Conversation read_conversation(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  Conversation conversation;
  conversation.file = file;
  conversation.config = "config.yaml";
  try {
    const auto divider = text.find(kDivider);
    if (divider == std::string::npos) throw std::runtime_error("there is no \"---\"");
    std::string_view first = std::string_view(text).substr(0, divider + 1);
    read_preamble(conversation, first);
    if (first.ends_with('\n')) first.remove_suffix(1);
    conversation.asked = first;
    conversation.request = to_wire(first);
    read_response(conversation, std::string_view(text).substr(divider + kDivider.size()));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
  return conversation;
}

std::vector<std::filesystem::path> find_conversations(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".http") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::pair<std::string, std::string>> split_fields(std::string_view lines) {
  std::vector<std::pair<std::string, std::string>> fields;
  while (!lines.empty()) {
    const auto end = lines.find("\r\n");
    const std::string_view line = lines.substr(0, end);
    const auto colon = line.find(": ");
    if (end == std::string_view::npos || colon == std::string_view::npos) {
      throw std::runtime_error("no field line: " + base::printable(line));
    }
    fields.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    lines.remove_prefix(end + 2);
  }
  return fields;
}

std::string compare(const Conversation& expected, const Heard& heard, bool over_socket) {
  std::string differences;
  const auto differ = [&](const std::string& what, const std::string& wanted,
                          const std::string& got) {
    differences += what + ": expected \"" + wanted + "\", got \"" + got + "\"\n";
  };
  if (!base::matches_glob(expected.status_line, heard.status_line)) {
    differ("status line", expected.status_line, heard.status_line);
  }
  for (const auto& [name, value] : expected.fields) {
    if (!over_socket && is_servers_own(name)) continue;
    const std::string* got = find_field(heard.fields, name);
    if (got == nullptr) {
      differ(name, value, "(absent)");
    } else if (!base::matches_glob(value, *got)) {
      differ(name, value, *got);
    }
  }
  for (const auto& [name, value] : heard.fields) {
    if (!is_servers_own(name) && find_field(expected.fields, name) == nullptr) {
      differ(name, "(absent)", value);
    }
  }
  std::string body = heard.body;
  if (body.ends_with('\n')) body.pop_back();
  if (!base::matches_glob(expected.body, body)) differ("body", expected.body, body);
  return differences;
}

void update(const Conversation& conversation, const Heard& heard) {
  std::ofstream out(conversation.file, std::ios::binary);
  out << conversation.preamble << conversation.asked << kDivider << heard.status_line << '\n';
  for (const auto& [name, value] : heard.fields) {
    if (!is_servers_own(name)) out << name << ": " << value << '\n';
  }
  out << '\n' << heard.body;
  if (!heard.body.ends_with('\n')) out << '\n';
}

}  // namespace intermission::testing
