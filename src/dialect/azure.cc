// Azure Storage and what speaks as it does (learn.microsoft.com/rest/api/storageservices, "Status
// and error codes"): blobs, queues and files hear an error in XML, tables and data lakes one in
// JSON. SDKs read the code from x-ms-error-code and show the message.
//
// The JSON holds the message in each member that one of them reads: tables in odata.error, data
// lakes in error, Cosmos DB at the top.
#include <pugixml.hpp>

#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/xml.h"
#include "page/words.h"

namespace intermission::dialect::azure {
namespace {

using http::Field;

const Field kXMsVersion = http::named_field("x-ms-version");

enum Form : std::uint8_t { kXml, kJson };  // places in render()'s list

constexpr std::string_view kCode = "ServerBusy";
constexpr std::string_view kFields = "x-ms-error-code: ServerBusy\r\n";

Claim recognise(RequestEvidence& evidence) {
  if (!evidence.has(kXMsVersion)) return {};
  const bool accepts_json = evidence.accepts("application/json");
  const bool likes_json = evidence.sends("application/json") || accepts_json;
  return {.strength = Claim::Strength::kSure,
          .favours = likes_json ? kJson : kXml,
          .why = "x-ms-version is given"};
}

std::string xml(const page::Notice& notice) {
  pugi::xml_document document;
  pugi::xml_node error = document.append_child("Error");
  append_text(error, "Code", kCode);
  append_text(error, "Message", page::spoken_text(notice));
  return to_string(document);
}

std::string json(const page::Notice& notice) {
  const std::string text = page::spoken_text(notice);
  JsonObject errors;
  errors.open("odata.error").text("code", kCode);
  errors.open("message").text("lang", notice.language).text("value", text).close().close();
  errors.open("error").text("code", kCode).text("message", text).close();
  errors.text("code", kCode).text("message", text);
  return errors.finish();
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  std::vector<Representation> said(2);
  said[kXml].media_type = said[kXml].content_type = "application/xml";
  said[kXml].body = xml(notice);
  said[kJson].media_type = said[kJson].content_type = "application/json";
  said[kJson].body = json(notice);
  for (Representation& one : said) one.fields = kFields;
  return said;
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "azure",
    .speaks_to = "Azure SDKs for storage: blobs, queues, files, tables",
    .known_by = "x-ms-version",
    .triggers = {{.fields = {kXMsVersion}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::azure
