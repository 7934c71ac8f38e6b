#include "report/explain.h"

#include <fmt/format.h>

#include "base/text.h"
#include "gate/pass_text.h"
#include "http/status.h"

namespace intermission::report {
namespace {

bool is_shown(const http::Response& response) {
  return !response.fields.has("Content-Encoding");
}

std::string head_of(const http::Response& response) {
  std::string out =
      fmt::format("HTTP/1.1 {} {}\n", response.status,
                  response.reason.empty() ? http::reason_phrase(response.status) : response.reason);
  for (const char c : response.fields.text()) {
    if (c != '\r') out += c;
  }
  return out + fmt::format("Content-Length: {}\n", response.body.size());
}

}  // namespace

namespace {

std::string explain_all(const Question& question, const snapshot::Snapshot& snapshot,
                        const gateway::Moment& moment) {
  http::Request request;
  request.reset(question.method, question.url, 11);
  for (const auto& [name, value] : question.fields) request.add_field(name, value);
  request.set_body(question.body, true);
  request.set_peer(question.from);

  std::string out = fmt::format("request    {} {}\n", base::printable(question.method),
                                base::printable(question.url));
  if (!question.body.empty()) {
    out += fmt::format("body       {} bytes, {}\n", question.body.size(),
                       gateway::needs_body(request, snapshot)
                           ? "read: the head is not conclusive, or the answer may repeat part of it"
                           : "not read");
  }
  gateway::Trace trace;
  http::Response response;
  gateway::answer(request, snapshot, moment, response, nullptr, &trace);
  for (const auto& [station, finding] : trace.steps) {
    out += fmt::format("{:<10} {}\n", station, finding);
  }
  out += '\n' + head_of(response) + '\n';
  if (question.method == "HEAD") return out;
  if (!is_shown(response)) return out + "(a coded body)\n";
  out += response.body.view();
  if (!out.ends_with('\n')) out += '\n';
  return out;
}

}  // namespace

std::string explain(const Question& question, const snapshot::Snapshot& snapshot,
                    const gateway::Moment& moment) {
  return gate::hide_passes(explain_all(question, snapshot, moment));
}

}  // namespace intermission::report
