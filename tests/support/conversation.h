// A conversation: one request as sent and the response expected, as a file that reads well.
//
//   A browser on its first visit gets the page.
//   config: two-languages.yaml          (optional; relative to tests/cases; "none": built in)
//   only: socket                        (optional; what framing alone can show)
//
//   GET /orders HTTP/1.1
//   Host: orders.example.com
//
//   ---
//   HTTP/1.1 503 Service Unavailable
//   Content-Type: text/html; charset=utf-8
//   Retry-After: *
//
//   *Down for maintenance*
//
// Lines end in LF in the file and in CRLF on the wire. A body ends before the "---" and before
// the end of the file; its own last newline is not part of it. "\xNN" and "\r" stand for bytes
// in request lines and bodies. A request with a body and no framing of its own gets a
// Content-Length. In the response every field line must be listed, in any order, one that is sent
// twice as often; patterns are those of wildcards.h. Where a status line holds the registered
// phrase, a message may follow it, as it does in most answers: what is right there is written once,
// in phrase_problem(), and cases that are about the phrase hold it whole. Date, Connection and
// Content-Length are the server's own: they are compared over a socket where the file lists them,
// and never sent twice.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace intermission::testing {

struct Conversation {
  std::filesystem::path file;
  std::string shows;   // the first line
  std::string config;  // "none" or a file name
  bool only_socket = false;
  std::string preamble;  // everything up to the request, as written
  std::string request;   // as sent, CRLF and all
  std::string asked;     // the request as written

  std::string status_line;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
};

/// Throws std::runtime_error, naming the file, where it is not of that form.
Conversation read_conversation(const std::filesystem::path& file);

/// Every *.http below a folder, sorted.
std::vector<std::filesystem::path> find_conversations(const std::filesystem::path& folder);

/// A response as it came.
struct Heard {
  std::string status_line;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;  // decoded, where it was coded

  bool operator==(const Heard&) const = default;
};

/// Splits "Name: value" lines that end in CRLF.
std::vector<std::pair<std::string, std::string>> split_fields(std::string_view lines);

/// Differences in words, one per line; empty where the response is as expected. Without
/// `over_socket` the server's own fields are not compared.
std::string compare(const Conversation& expected, const Heard& heard, bool over_socket);

/// The status line without a message behind the registered phrase ("503 Service Unavailable: ...").
std::string without_message(std::string_view status_line);

/// What is wrong with the phrase of a status line, in words; empty where nothing is.
std::string phrase_problem(std::string_view status_line);

/// Rewrites the expected half of the file from what was heard.
void update(const Conversation& conversation, const Heard& heard);

}  // namespace intermission::testing
