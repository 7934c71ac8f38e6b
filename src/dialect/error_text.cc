// Clients that read `error` as a text: npm and those who speak to its registry, and Ollama's, which
// show "[object Object]" for an object there. The members of the problem stand beside it.
#include "dialect/dialect.h"
#include "dialect/problem.h"

namespace intermission::dialect::error_text {
namespace {

using http::Field;

const Field kNpmCommand = http::named_field("npm-command");
const Field kNpmSession = http::named_field("npm-session");

constexpr std::string_view kNpm = "application/vnd.npm.install-v1+json";
const Names kProducts = {"npm",  "npm-registry-fetch", "pacote",       "pnpm",
                         "yarn", "ollama-js",          "ollama-python"};

Claim sure(std::string_view why) {
  return {.strength = Claim::Strength::kSure, .favours = 0, .why = why};
}

Claim recognise(RequestEvidence& evidence) {
  if (evidence.has(kNpmCommand)) return sure("npm-command is given");
  if (evidence.has(kNpmSession)) return sure("npm-session is given");
  const std::string_view agent = evidence.value(Field::kUserAgent);
  for (const std::string_view product : kProducts) {
    if (is_product(agent, product)) return sure("User-Agent is one that reads a text");
  }
  return evidence.accepts(kNpm) ? sure("Accept names npm's metadata") : Claim{};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  return {problem_with_error(notice)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "error_text",
    .speaks_to = "npm, pnpm, yarn and Ollama's clients, which read error as a text",
    .known_by =
        "npm-command, npm-session; User-Agent npm/, npm-registry-fetch@, pacote/, pnpm/, yarn/, "
        "ollama-js/ or ollama-python/; "
        "Accept names npm's metadata",
    .triggers = {{.fields = {kNpmCommand, kNpmSession}, .accepts = {kNpm}, .products = kProducts}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::error_text
