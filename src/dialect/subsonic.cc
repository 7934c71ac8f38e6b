// The API of Subsonic (subsonic.org/pages/api.jsp) and OpenSubsonic, which Navidrome, Airsonic,
// gonic, Funkwhale and others speak: apps for music show the message of the error in an envelope.
// Every failure of the API has 200 outside, in place of a song or a picture too, and apps tell one
// from the other by the type; for another status they show no more than its number.
//
//   /rest/getArtists.view?u=ann&t=…&s=…&v=1.16.1&c=play&f=json
//
// XML where `f` does not say JSON.
#include <pugixml.hpp>

#include "dialect/dialect.h"
#include "dialect/in_json.h"
#include "dialect/json.h"
#include "dialect/xml.h"
#include "http/target.h"
#include "page/words.h"

namespace intermission::dialect::subsonic {
namespace {

constexpr std::string_view kForm = "application/x-www-form-urlencoded";

// Of the API that has all its calls so far: apps that find an older one here ask for less.
constexpr const char* kVersion = "1.16.1";
// "A generic error."
constexpr int kGeneric = 0;

enum Form : std::uint8_t { kXml, kJson };  // places in render()'s list

// One segment behind /rest/, in a folder or not.
bool is_call(std::string_view path) {
  const auto rest = path.rfind("/rest/");
  if (rest == std::string_view::npos) return false;
  const std::string_view call = path.substr(rest + 6);
  return !call.empty() && call.find('/') == std::string_view::npos;
}

// Each call says who asks, by which program, and of which version of the API ("Introduction").
bool names_client(std::string_view parameters) {
  const auto version = http::query_value(parameters, "v");
  return version && version->starts_with("1.") && http::query_value(parameters, "c") &&
         (http::query_value(parameters, "u") || http::query_value(parameters, "apiKey"));
}

Claim claim_by(std::string_view parameters) {
  const auto format = http::query_value(parameters, "f");
  const Form form = format && format->starts_with("json") ? kJson : kXml;
  return {.strength = Claim::Strength::kSure,
          .favours = form,
          .why = "the path and its parameters are those of Subsonic"};
}

Claim recognise(RequestEvidence& evidence) {
  const http::Request& request = evidence.request();
  if (!is_call(request.path())) return {};
  if (names_client(request.query())) return claim_by(request.query());
  if (evidence.method_class() != kPost || !evidence.sends(kForm)) return {};
  if (evidence.body_unread()) return {.needs_body = true};
  return names_client(request.body()) ? claim_by(request.body()) : Claim{};
}

std::string xml(const page::Notice& notice) {
  pugi::xml_document document;
  pugi::xml_node response = document.append_child("subsonic-response");
  response.append_attribute("xmlns") = "http://subsonic.org/restapi";
  response.append_attribute("status") = "failed";
  response.append_attribute("version") = kVersion;
  pugi::xml_node error = response.append_child("error");
  error.append_attribute("code") = kGeneric;
  error.append_attribute("message") = fit_for_xml(page::spoken_text(notice)).c_str();
  return to_string(document);
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  JsonObject answer;
  answer.open("subsonic-response").text("status", "failed").text("version", kVersion);
  answer.open("error").number("code", kGeneric).text("message", page::spoken_text(notice));
  answer.close().close();
  Representation as_xml;
  as_xml.media_type = "text/xml";
  as_xml.content_type = "text/xml; charset=utf-8";
  as_xml.body = xml(notice);
  std::vector<Representation> said = {as_xml, in_json(answer.finish())};
  for (Representation& form : said) form.status = 200;
  return said;
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "subsonic",
    .speaks_to = "apps for music: Subsonic, Navidrome, Airsonic and others",
    .known_by = "paths such as /rest/ping.view with the parameters v, c, and u or apiKey",
    .triggers = {{.last_segments = {".view"}, .first_segments = {"rest"}}, {.parameters = {"c"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::subsonic
