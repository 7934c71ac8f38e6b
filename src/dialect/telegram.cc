// Telegram's Bot API (core.telegram.org/bots/api, "Making requests"): libraries show `description`
// and wait as long as `parameters` says. The members of the problem stand beside it.
//
//   /bot123456:ABC-DEF1234ghIkl/sendMessage        the path says which bot it is
//   /file/bot123456:ABC-DEF1234ghIkl/photos/7.jpg
//
// No other API has such a path; still it is only a path. axios names plain text behind JSON.
#include <algorithm>

#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/path_evidence.h"
#include "dialect/problem.h"
#include "page/words.h"

namespace intermission::dialect::telegram {
namespace {

using http::Field;

enum Form : std::uint8_t { kWithWait, kWithoutWait };  // places in render()'s list

bool is_bot(std::string_view path) {
  if (path.starts_with("/file/")) path.remove_prefix(5);
  if (!path.starts_with("/bot")) return false;
  path.remove_prefix(4);
  const auto colon = path.find_first_not_of("0123456789");
  if (colon == 0 || colon == std::string_view::npos || path[colon] != ':') return false;
  const std::string_view token = path.substr(colon + 1, path.find('/') - colon - 1);
  return !token.empty() && token.size() < path.size() - colon - 1 &&
         std::all_of(token.begin(), token.end(), [](char c) {
           return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '_';
         });
}

// python-telegram-bot shows no description beside a wait, but "Flood control exceeded".
bool shows_wait_alone(std::string_view agent) {
  return agent.starts_with("Python Telegram Bot") || agent.starts_with("python-telegram-bot");
}

Claim recognise(RequestEvidence& evidence) {
  if (!is_bot(evidence.request().path()) ||
      !leaves_form_to_path(evidence, {"application/json", "text/plain"})) {
    return {};
  }
  const Form form = shows_wait_alone(evidence.value(Field::kUserAgent)) ? kWithoutWait : kWithWait;
  return {.strength = Claim::Strength::kOffers,
          .favours = form,
          .why = "the path is one of Telegram's bots"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  JsonObject with_wait;
  JsonObject without_wait;
  for (JsonObject* error : {&with_wait, &without_wait}) {
    error->truth("ok", false).number("error_code", 503);
    error->text("description", page::spoken_text(notice));
  }
  with_wait.open("parameters").seconds("retry_after", notice).close();
  return {extended_problem(notice, with_wait), extended_problem(notice, without_wait)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "telegram",
    .speaks_to = "Telegram's bots",
    .known_by = "paths such as /bot123456:token/sendMessage",
    .triggers = {{.always = true}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::telegram
