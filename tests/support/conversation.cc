#include "support/conversation.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "base/text.h"
#include "support/files.h"
#include "support/wildcards.h"

namespace intermission::testing {
namespace {

constexpr std::string_view kDivider = "\n---\n";

std::string cut_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  std::string line(rest.substr(0, end));
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return line;
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

using FieldList = std::vector<std::pair<std::string, std::string>>;

/// Differences between the field lines expected and heard. Each line counts: one that is sent
/// twice has to be expected twice.
std::string compare_fields(const FieldList& expected, FieldList heard) {
  std::string differences;
  for (const auto& [name, value] : expected) {
    const auto same_name = [&](const auto& line) { return base::iequals(line.first, name); };
    const auto same_line = [&](const auto& line) {
      return same_name(line) && matches_pattern(value, line.second);
    };
    const auto found = std::find_if(heard.begin(), heard.end(), same_line);
    if (found != heard.end()) {
      heard.erase(found);
      continue;
    }
    const auto other = std::find_if(heard.begin(), heard.end(), same_name);
    const bool absent = other == heard.end();
    differences += name + ": expected \"" + value + "\", got " +
                   (absent ? "no such field" : "\"" + other->second + "\"") + "\n";
    if (!absent) heard.erase(other);
  }
  for (const auto& [name, value] : heard) differences += name + ": " + value + " is unexpected\n";
  return differences;
}

/// Without the lines that the server adds, as far as the conversation does not list them.
FieldList without_servers_own(const FieldList& fields, const FieldList& listed) {
  FieldList kept;
  for (const auto& line : fields) {
    const auto same_name = [&](const auto& other) {
      return base::iequals(other.first, line.first);
    };
    if (!is_servers_own(line.first) || std::any_of(listed.begin(), listed.end(), same_name)) {
      kept.push_back(line);
    }
  }
  return kept;
}

/// What the server writes of its own on every response (RFC 9110 §6.6.1, RFC 9112 §6.3).
std::string check_framing(const Heard& heard) {
  std::string problems;
  const auto count = [&](std::string_view name) {
    return std::count_if(heard.fields.begin(), heard.fields.end(),
                         [&](const auto& line) { return base::iequals(line.first, name); });
  };
  if (count("Date") != 1) problems += "Date: expected once\n";
  if (count("Content-Length") + count("Transfer-Encoding") > 1) {
    problems += "Content-Length: expected at most one framing field\n";
  }
  if (count("Connection") > 1) problems += "Connection: expected at most once\n";
  return problems;
}

// A page's style is not what a conversation is about.
std::string without_style(std::string text) {
  const std::pair<std::string_view, std::string_view> parts[] = {{"<style>", "</style>"},
                                                                 {"'sha256-", "'"}};
  for (const auto& [open, close] : parts) {
    const auto start = text.find(open);
    if (start == std::string::npos) continue;
    const auto from = start + open.size();
    text.replace(from, text.find(close, from) - from, "*");
  }
  return text;
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

std::string without_message(std::string_view status_line) {
  return std::string(status_line.substr(0, status_line.find(": ")));
}

std::string phrase_problem(std::string_view status_line) {
  constexpr std::size_t kBefore = std::string_view("HTTP/1.1 503 ").size();
  constexpr std::size_t kMost = 80;
  const std::string_view phrase = status_line.substr(std::min(kBefore, status_line.size()));
  const auto colon = phrase.find(": ");
  if (colon == std::string_view::npos) return "";
  const std::string_view registered = phrase.substr(0, colon);
  if (registered != "Service Unavailable" && registered != "Internal Server Error") {
    return "a message behind another phrase\n";
  }
  if (phrase.size() > kMost) return "a phrase that is too long\n";
  const bool visible =
      std::all_of(phrase.begin(), phrase.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (!visible) return "characters that are not visible in ASCII\n";
  const bool spaced = phrase.find("  ") != std::string_view::npos || phrase.ends_with(' ');
  return spaced || colon + 2 == phrase.size() ? "spaces without words in a phrase\n" : "";
}

std::string compare(const Conversation& expected, const Heard& heard, bool over_socket) {
  std::string differences = phrase_problem(heard.status_line);
  if (!matches_pattern(expected.status_line, heard.status_line) &&
      !matches_pattern(expected.status_line, without_message(heard.status_line))) {
    differences += "status line: expected \"" + expected.status_line + "\", got \"" +
                   heard.status_line + "\"\n";
  }
  const FieldList listed = over_socket ? expected.fields : without_servers_own(expected.fields, {});
  differences += compare_fields(listed, without_servers_own(heard.fields, listed));
  if (over_socket) differences += check_framing(heard);
  std::string body = heard.body;
  if (body.ends_with('\n')) body.pop_back();
  if (!matches_pattern(expected.body, body)) {
    differences += "body: expected \"" + expected.body + "\", got \"" + body + "\"\n";
  }
  return differences;
}

void update(const Conversation& conversation, const Heard& heard) {
  std::ofstream out(conversation.file, std::ios::binary);
  out << conversation.preamble << conversation.asked << kDivider
      << (conversation.status_line.find(": ") == std::string::npos
              ? without_message(heard.status_line)
              : heard.status_line)
      << '\n';
  for (const auto& [name, value] : heard.fields) {
    const bool shown = !is_servers_own(name) || (conversation.only_socket && name == "Connection");
    if (shown) out << name << ": " << without_style(as_pattern(value)) << '\n';
  }
  out << '\n' << without_style(as_pattern(heard.body));
  if (!heard.body.ends_with('\n')) out << '\n';
}

}  // namespace intermission::testing
