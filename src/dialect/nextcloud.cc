// Nextcloud and ownCloud: their status, their files over WebDAV, and the envelope of the Open
// Collaboration Services (docs.nextcloud.com, developer manual, "OCS APIs"). Their apps decide by
// these what to tell people, and how soon to come back.
//
//   /status.php                  the maintenance as JSON, with 200: the desktop client takes
//                                any other status for "no server", which is what an outage is
//   /remote.php/, /public.php/   the error of sabre/dav, for all methods
//   /ocs/v1.php/, /ocs/v2.php/   {"ocs":{"meta":{...}}}, or the same in XML
//
// The paths are a hint, the names of the apps and OCS-APIRequest are evidence.
#include <pugixml.hpp>

#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/path_evidence.h"
#include "dialect/problem.h"
#include "dialect/webdav.h"
#include "dialect/xml.h"
#include "http/target.h"
#include "page/words.h"

namespace intermission::dialect::nextcloud {
namespace {

using http::Field;

const Field kOcsApiRequest = http::named_field("OCS-APIRequest");

// Places in render()'s list.
enum Form : std::uint8_t { kStatus, kRefusedStatus, kDav, kOcsXml, kOcsJson, kOcsTold };

// The server's own sign of it, which the apps for phones and the scripts of its pages look at.
constexpr std::string_view kMaintenance = "X-Nextcloud-Maintenance-Mode: 1\r\n";

// ------------------------------------------------------------------ reading the request

enum class Part : std::uint8_t { kNone, kStatus, kDav, kOcs };

// The server may live in a folder: /cloud/remote.php/dav/.
Part part_of(std::string_view path) {
  const auto at = path.find(".php");
  if (at == std::string_view::npos) return Part::kNone;
  const auto slash = path.rfind('/', at);
  const std::string_view folder = path.substr(0, slash);
  const std::string_view script = path.substr(slash + 1, at - slash - 1);
  const std::string_view rest = path.substr(at + 4);
  if (script == "status") return rest.empty() ? Part::kStatus : Part::kNone;
  if (!rest.starts_with('/')) return Part::kNone;
  if (script == "remote" || script == "public") return Part::kDav;
  return (script == "v1" || script == "v2") && folder.ends_with("/ocs") ? Part::kOcs : Part::kNone;
}

// "Mozilla/5.0 (Linux) mirall/3.7.3", "Mozilla/5.0 (Android) Nextcloud-android/3.29.0"
bool names_app(std::string_view agent) {
  return agent.find(" mirall/") != std::string_view::npos || base::icontains(agent, "nextcloud") ||
         base::icontains(agent, "owncloud");
}

// The synchronizers without a window say "Error connecting to server" for any status but 200, and
// no more. Version 1 of these services has its status in the envelope and 200 outside, for failures
// too; then they ask for the files, and tell people what they hear there.
//
//   Mozilla/5.0 (Linux) mirall/3.7.3git (nextcloudcmd, debian-6.1.0 …)
bool is_command(std::string_view agent) {
  return agent.find("(nextcloudcmd,") != std::string_view::npos ||
         agent.find("(owncloudcmd,") != std::string_view::npos;
}

// The apps for Android want a version under 200 and show maintenance for a 503.
bool is_android(std::string_view agent) {
  return base::icontains(agent, "android");
}

Form ocs_form(RequestEvidence& evidence, std::string_view agent) {
  if (is_command(agent) &&
      evidence.request().path().find("/ocs/v1.php/") != std::string_view::npos) {
    return kOcsTold;
  }
  const auto requested = http::query_value(evidence.request().query(), "format");
  if (requested) return base::iequals(*requested, "json") ? kOcsJson : kOcsXml;
  return evidence.accepts("application/json") ? kOcsJson : kOcsXml;
}

bool leaves_form(RequestEvidence& evidence, Part part) {
  if (part == Part::kStatus) return leaves_form_to_path(evidence, {"application/json"});
  if (part == Part::kDav) return leaves_form_to_path(evidence, {"application/xml", "text/xml"});
  return leaves_form_to_path(evidence, {"application/json", "application/xml", "text/xml"});
}

Claim recognise(RequestEvidence& evidence) {
  const Part part = part_of(evidence.request().path());
  if (part == Part::kNone || (part == Part::kStatus && evidence.method_class() != kRead)) return {};
  const std::string_view agent = evidence.value(Field::kUserAgent);
  Claim claim;
  if (names_app(agent)) {
    claim.strength = Claim::Strength::kSure;
    claim.why = "User-Agent is an app of Nextcloud or ownCloud";
  } else if (part == Part::kOcs && evidence.has(kOcsApiRequest)) {
    claim.strength = Claim::Strength::kSure;
    claim.why = "OCS-APIRequest is given";
  } else if (leaves_form(evidence, part)) {
    claim.strength = Claim::Strength::kOffers;
    claim.why = "the path is one of Nextcloud or ownCloud";
  } else {
    return {};
  }
  if (part == Part::kStatus) claim.favours = is_android(agent) ? kRefusedStatus : kStatus;
  if (part == Part::kDav) claim.favours = kDav;
  if (part == Part::kOcs) claim.favours = ocs_form(evidence, agent);
  return claim;
}

// ------------------------------------------------------------------ speaking

// No version: the desktop knows the server's from before, and skips an empty one.
std::string status(const page::Notice& notice) {
  JsonObject status;
  status.truth("installed", true).truth("maintenance", !notice.is_outage);
  status.truth("needsDbUpgrade", false);
  status.text("version", "").text("versionstring", "").text("edition", "");
  status.text("productname", notice.title.empty() ? notice.service : notice.title);
  status.text("message", page::spoken_text(notice));
  return status.finish();
}

std::string ocs_xml(const page::Notice& notice) {
  pugi::xml_document document;
  pugi::xml_node ocs = document.append_child("ocs");
  pugi::xml_node meta = ocs.append_child("meta");
  append_text(meta, "status", "failure");
  append_text(meta, "statuscode", "503");
  append_text(meta, "message", page::spoken_text(notice));
  ocs.append_child("data");
  return to_string(document);
}

std::string ocs_json(const page::Notice& notice) {
  JsonObject answer;
  answer.open("ocs").open("meta").text("status", "failure").number("statuscode", 503);
  answer.text("message", page::spoken_text(notice)).close();
  answer.open_list("data").close_list().close();
  return merge_objects(problem_json(notice), answer.finish());
}

Representation in(const char* type, std::string body) {
  Representation said;
  said.media_type = type;
  said.content_type = said.media_type;
  said.body = std::move(body);
  return said;
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  std::vector<Representation> said = {
      in("application/json", status(notice)),   in("application/json", status(notice)),
      in("application/xml", dav_error(notice)), in("application/xml", ocs_xml(notice)),
      in("application/json", ocs_json(notice)), in("application/json", ocs_json(notice))};
  said[kOcsTold].status = 200;
  if (!notice.is_outage) {
    said[kStatus].status = 200;
    for (Representation& form : said) form.fields = kMaintenance;
  }
  said[kDav].content_type = said[kOcsXml].content_type = "application/xml; charset=utf-8";
  return said;
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "nextcloud",
    .speaks_to = "Nextcloud and ownCloud: desktop, phones, scripts",
    .known_by =
        "paths with /status.php, /remote.php/, /public.php/, /ocs/v1.php/ or /ocs/v2.php/; there, "
        "User-Agent mirall/, Nextcloud or ownCloud, and OCS-APIRequest",
    .triggers = {{.always = true}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::nextcloud
