#include "support/heads.h"

#include <ostream>
#include <sstream>

#include "support/files.h"

namespace intermission::testing {
namespace {

constexpr std::string_view kLooksLike = ", not ";

// "== KIND: who it is" or "== KIND, not OTHER: who it is", then a conversation's request without
// the version. Lines with # are for people.
Head parse_head(const std::string& block) {
  Head head;
  std::istringstream lines(block);
  std::string line;
  std::getline(lines, line);
  head.kind = line.substr(0, line.find(": "));
  if (const auto looks = head.kind.find(kLooksLike); looks != std::string::npos) {
    head.look_of = head.kind.substr(looks + kLooksLike.size());
    head.kind.resize(looks);
  }
  head.who = line.substr(line.find(": ") + 2);
  std::getline(lines, line);
  head.method = line.substr(0, line.find(' '));
  head.target = line.substr(line.find(' ') + 1);
  while (std::getline(lines, line) && !line.empty()) {
    head.fields.emplace_back(line.substr(0, line.find(": ")), line.substr(line.find(": ") + 2));
  }
  while (std::getline(lines, line) && !line.empty() && line.front() != '#') head.body += line;
  return head;
}

}  // namespace

void Head::fill(http::Request& request) const {
  request.reset(method, target, 11);
  request.add_field("Host", "anywhere.example.com");
  for (const auto& [name, value] : fields) request.add_field(name, value);
  request.set_body({}, false);
}

void PrintTo(const Head& head, std::ostream* out) {
  *out << head.who;
}

std::vector<Head> read_heads() {
  const std::string text = read_file(source_path("tests/gateway/heads.txt"));
  std::vector<Head> heads;
  auto at = text.find("\n== ");
  while (at != std::string::npos) {
    const auto next = text.find("\n== ", at + 1);
    heads.push_back(parse_head(text.substr(at + 4, next - at - 4)));
    at = next;
  }
  return heads;
}

}  // namespace intermission::testing
