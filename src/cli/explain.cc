// `intermission explain`: what a request is answered, and why.
#include <algorithm>
#include <cstddef>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/read_file.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "http/media_type.h"
#include "http/target.h"
#include "program/source.h"
#include "report/explain.h"

namespace intermission::cli {
namespace {

constexpr std::size_t kLargestBody = std::size_t{64} << 20;

struct ExplainOptions {
  program::Source source;
  std::string method;
  std::string url;
  std::vector<std::string> headers;
  std::string data;
  std::string at;
  std::string from;
};

// What no server takes for a target is nothing that could be explained.
std::optional<base::Error> problem_of_url(const std::string& url) {
  const bool is_whole = url.find("://") != std::string::npos;
  if (!url.starts_with('/') && url != "*" && !is_whole) {
    return wrong_value("URL", "a path that starts with \"/\" or a whole URL", url);
  }
  if (!std::all_of(url.begin(), url.end(), base::is_visible)) {
    return wrong_value("URL", "visible ASCII (others are encoded, such as %20 for a space)", url);
  }
  if (!url.starts_with('/') && is_whole && http::parse_target("GET", url).authority.empty()) {
    return wrong_value("URL", "a host behind \"://\"", url);
  }
  return {};
}

base::Result<report::Question> question_from(const ExplainOptions& options) {
  report::Question question;
  question.method = options.method;
  question.url = options.url;
  if (!http::is_token(options.method)) {
    return wrong_value("METHOD", "a method such as GET", options.method);
  }
  if (auto problem = problem_of_url(options.url)) return *problem;
  for (const std::string& line : options.headers) {
    const auto colon = line.find(':');
    if (colon == std::string::npos || !http::is_token(line.substr(0, colon))) {
      return wrong_value("-H", "'Name: value'", line);
    }
    question.fields.emplace_back(line.substr(0, colon), base::trim(line.substr(colon + 1)));
  }
  if (!options.from.empty() && !(question.from = http::Address::parse(options.from))) {
    return wrong_value("--from", "an address such as 10.0.0.3", options.from);
  }
  question.body = options.data;
  if (options.data.starts_with('@')) {
    auto body = base::read_file(options.data.substr(1), kLargestBody, base::Pipes::kAwaited);
    if (!body) return base::Error{"--data: " + body.error().text()};
    question.body = std::move(*body);
  }
  return question;
}

int run_explain(const ExplainOptions& options) {
  const auto question = question_from(options);
  if (!question) return wrong(question.error().text());
  auto configuration = options.source.load();
  if (!configuration) return wrong(configuration.error().text());
  const auto now = chosen_moment(options.at);
  if (!now) return wrong(now.error().text());
  const snapshot::Snapshot snapshot(std::move(configuration->catalog));
  std::cout << report::explain(*question, snapshot, {*now, 0});
  return kDone;
}

}  // namespace

Command add_explain(CLI::App& app) {
  const auto options = std::make_shared<ExplainOptions>();
  CLI::App& command =
      add_command(app, "explain", "Show the answer to a request, and why it was chosen");
  add_config_option(command, options->source.file);
  add_required(command, "METHOD", options->method, "For example GET");
  add_required(command, "URL", options->url, "Path, or URL with the host");
  add_repeatable(command, "-H,--header", options->headers,
                 "Header field of the request; may be repeated", "'Name: value'");
  add_option(command, "-d,--data", options->data, "Request body, or @FILE to read it from a file",
             "BODY");
  add_option(command, "--at", options->at, "Time of the request (default: now)", "TIME");
  add_option(command, "--from", options->from,
             "Address of the sender; forwarding fields of a trusted proxy are used", "ADDRESS");
  return {&command, [options] { return run_explain(*options); }};
}

}  // namespace intermission::cli
