#include "dialect/error_member_forms.h"

#include <algorithm>
#include <iterator>
#include <pugixml.hpp>
#include <string>
#include <utility>

#include "base/text.h"
#include "dialect/in_json.h"
#include "dialect/json.h"
#include "dialect/problem.h"
#include "dialect/xml.h"
#include "page/words.h"

namespace intermission::dialect::error_members {
namespace {

constexpr const char* kUnavailable = "service_unavailable";

// What a form says, and whether anybody planned it.
struct Told {
  std::string spoken;
  bool is_outage = false;
  std::string_view name = {};  // of the service
};

using Build = void (*)(JsonObject& members, const Told& told);

// What stands beside the problem's members, in the order of Form.
constexpr Build kBeside[] = {
    [](JsonObject& members, const Told& told) {  // kTexts
      members.open_list("errors").item(told.spoken).close_list();
    },
    [](JsonObject& members, const Told& told) {  // kItems
      members.open_list("errors")
          .open_item()
          .text("message", told.spoken)
          .text("reason", told.spoken);
      members.text("phrase", told.spoken).text("description", told.spoken);
      members.text("code", kUnavailable).close().close_list();
    },
    [](JsonObject& members, const Told&) {  // kCode
      members.text("code", kUnavailable).text("id", kUnavailable).text("object", "error");
    },
    [](JsonObject& members, const Told& told) {  // kPascal
      members.number("ErrorCode", 503).text("Message", told.spoken);
    },
    [](JsonObject& members, const Told& told) {  // kSummary
      members.text("errorCode", kUnavailable).text("errorSummary", told.spoken);
      members.text("errorDescription", told.spoken).text("errorMessage", told.spoken);
    },
    [](JsonObject& members, const Told& told) {  // kPlaid
      members.text("error_type", "API_ERROR");
      members.text("error_code", told.is_outage ? "INTERNAL_SERVER_ERROR" : "PLANNED_MAINTENANCE");
      members.text("error_message", told.spoken).text("display_message", told.spoken);
    },
    [](JsonObject& members, const Told& told) {  // kText
      members.text("error", told.spoken);
    },
    [](JsonObject& members, const Told& told) {  // kObject
      members.open("error").text("message", told.spoken).text("description", told.spoken);
      members.text("detail", told.spoken);
      members.text("type", kUnavailable).text("code", kUnavailable).close();
    },
    [](JsonObject& members, const Told& told) {  // kTwirp
      members.text("code", "unavailable").text("msg", told.spoken);
    },
    [](JsonObject& members, const Told& told) {  // kNoData
      members.null("data").open("errors");
      members.text(told.is_outage ? "outage" : "maintenance", told.spoken).close();
    },
    [](JsonObject& members, const Told& told) {  // kArango
      members.truth("error", true).number("code", 503).number("errorNum", 503);
      members.text("errorMessage", told.spoken);
    },
    [](JsonObject& members, const Told& told) {  // kRaven
      members.text("Type", "ServiceUnavailable")
          .text("Message", told.spoken)
          .text("Error", told.spoken);
      members.text("Url", "this address");
    },
    [](JsonObject& members, const Told&) {  // kXrpc
      members.text("error", "ServiceUnavailable");
    },
    [](JsonObject& members, const Told& told) {  // kSplunk
      members.text("text", told.spoken).number("code", 9);
    },
    [](JsonObject& members, const Told&) {  // kRollbar
      members.number("err", 1);
    },
    [](JsonObject& members, const Told& told) {  // kNumbers
      members.number("code", 503).text("error", told.spoken);
    },
    [](JsonObject& members, const Told& told) {  // kTitled
      members.open_list("errors").open_item().text("status", "503").text("code", kUnavailable);
      members.text("title", "Service Unavailable").text("detail", told.spoken);
      members.close().close_list();
    },
    [](JsonObject& members, const Told& told) {  // kRelay
      members.text("name", told.name).text("description", told.spoken);
    },
    [](JsonObject& members, const Told& told) {  // kFlat
      members.text("error", told.spoken).text("error_message", told.spoken);
      members.number("error_code", 503);
    },
    [](JsonObject& members, const Told& told) {  // kBinance
      members.number("code", -1001).text("msg", told.spoken);
    },
    [](JsonObject& members, const Told& told) {  // kMeta
      members.open("meta").text("error", told.spoken).close();
    },
    [](JsonObject& members, const Told& told) {  // kJira
      members.open_list("errorMessages").item(told.spoken).close_list();
    },
    [](JsonObject& members, const Told& told) {  // kBlob
      members.open("error").text("code", "bad_request").text("message", told.spoken).close();
    },
    [](JsonObject& members, const Told& told) {  // kOpenstack
      members.open("error").text("message", told.spoken).number("code", 503).close();
      members.text("description", told.spoken);
      members.text("faultstring", told.spoken);
      members.open("error_message").text("faultstring", told.spoken).close();
    },
    [](JsonObject& members, const Told& told) {  // kUploadcare
      members.open("error").text("content", told.spoken).text("error_code", kUnavailable);
      members.number("status_code", 503).close();
    },
};
static_assert(std::size(kBeside) == kProblem);

Representation plain(const page::Notice& notice, const std::string& spoken) {
  // papi shows no text of 80 characters or more; the message without the wait may be short enough.
  constexpr std::size_t kTooLong = 80;
  Representation said;
  said.media_type = "text/plain";
  said.content_type = "text/plain; charset=utf-8";
  said.body = spoken.size() < kTooLong ? spoken : std::string(notice.message);
  return said;
}

Representation detail(const Told& told) {
  JsonObject document;
  document.text("detail", told.spoken);
  return in_json(document.finish());
}

// developers.cloudflare.com/fundamentals/api/reference: the envelope of every answer.
Representation cloudflare(const Told& told) {
  JsonObject document;
  document.truth("success", false).open_list("errors").open_item();
  document.number("code", 503).text("message", told.spoken).close().close_list();
  document.open_list("messages").close_list().null("result");
  return in_json(document.finish());
}

// www.w3.org/TR/webdriver2, "Handling errors"; status 13 is UnknownError of the older JSON Wire
// Protocol, which Python's client looks for at a 503.
Representation web_driver(const Told& told) {
  JsonObject document;
  document.number("status", 13).open("value").text("error", "unknown error");
  document.text("message", told.spoken).text("stacktrace", "").close();
  return in_json(document.finish());
}

Representation failure(const Told& told) {
  JsonObject document;
  document.text("status", "failure").text("errorCode", "503").text("errorMessage", told.spoken);
  return in_json(document.finish());
}

Representation status_error(const Told& told) {
  JsonObject document;
  document.text("status", "error").text("message", told.spoken).null("data");
  return in_json(document.finish());
}

Representation openstack_error(const Told& told) {
  JsonObject document;
  document.open("error").text("message", told.spoken).text("title", told.spoken);
  document.number("code", 503).close();
  return without_wait(in_json(document.finish()));
}

Representation failed(Representation said) {
  said.status = 500;
  return said;
}

Representation server_error(const Told& told) {
  JsonObject document;
  document.open("error").text("message", told.spoken).close();
  return failed(in_json(document.finish()));
}

Representation in_xml(std::string body) {
  return {.media_type = "text/xml", .content_type = "text/xml", .body = std::move(body)};
}

Representation accepted(Representation said) {
  said.status = 200;
  return said;
}

Representation general(const page::Notice& notice, const Told& told) {
  JsonObject document;
  document.text("status", "GENERAL_ERROR").text("message", told.spoken).about(notice);
  return accepted(in_json(document.finish()));
}

Representation snowflake(const Told& told) {
  JsonObject document;
  document.truth("success", false).text("code", "503").text("message", told.spoken).null("data");
  return accepted(in_json(document.finish()));
}

// developer.authorize.net/api/reference/responseCodes.html: E00104 is a server in maintenance,
// E00001 an error in general.
Representation authorize_net(const Told& told) {
  JsonObject document;
  document.open("messages").text("resultCode", "Error").open_list("message").open_item();
  document.text("code", told.is_outage ? "E00001" : "E00104")
      .text("text", told.spoken)
      .close()
      .close_list()
      .close();
  return accepted(in_json(document.finish()));
}

Representation last_fm(const Told& told) {
  pugi::xml_document document;
  pugi::xml_node lfm = document.append_child("lfm");
  lfm.append_attribute("status") = "failed";
  append_text(lfm, "error", told.spoken).append_attribute("code") = 11;
  return accepted(in_xml(to_string(document)));
}

}  // namespace

bool is_call_name(std::string_view call) {
  constexpr std::size_t kLongest = 100;
  const auto fits = [](char c) {
    return base::is_alpha(c) || base::is_digit(c) || c == '.' || c == '_';
  };
  return !call.empty() && call.size() <= kLongest && base::is_alpha(call.front()) &&
         std::all_of(call.begin(), call.end(), fits);
}

// developer.ebay.com/devzone/xml/docs/reference/ebay: 10007 is an internal error.
std::string ebay_xml(const page::Notice& notice, std::string_view call) {
  const std::string spoken = page::spoken_text(notice);
  pugi::xml_document document;
  pugi::xml_node response = document.append_child((std::string(call) + "Response").c_str());
  response.append_attribute("xmlns") = "urn:ebay:apis:eBLBaseComponents";
  append_text(response, "Ack", "Failure");
  pugi::xml_node error = response.append_child("Errors");
  append_text(error, "ShortMessage", spoken);
  append_text(error, "LongMessage", spoken);
  append_text(error, "ErrorCode", "10007");
  append_text(error, "SeverityCode", "Error");
  append_text(error, "ErrorClassification", "SystemError");
  return to_string(document);
}

// opendocs.alipay.com/common/02km9f: 20000 is a service that is not available.
std::string alipay(const page::Notice& notice, std::string_view call) {
  std::string name(call);
  std::replace(name.begin(), name.end(), '.', '_');
  name += "_response";
  JsonObject document;
  document.open(name.c_str()).text("code", "20000").text("msg", "Service Currently Unavailable");
  document.text("sub_code", "isp.unknow-error").text("sub_msg", page::spoken_text(notice)).close();
  return document.finish();
}

std::vector<Representation> render_forms(const page::Notice& notice, const catalog::Service&) {
  const Told told{page::spoken_text(notice), notice.is_outage,
                  notice.title.empty() ? notice.service : notice.title};
  std::vector<Representation> said;
  for (const Build build : kBeside) {
    JsonObject members;
    build(members, told);
    said.push_back(extended_problem(notice, members));
  }
  said[kOpenstack].omit_retry_after = true;
  said.push_back(in_json(problem_json(notice)));  // kProblem
  said.push_back(without_wait(said[kProblem]));   // kNoWait
  said.push_back(said[kText]);                    // kLoops
  said.back().status = 502;
  for (const Representation& alone :
       {plain(notice, told.spoken), detail(told), cloudflare(told), web_driver(told), failure(told),
        status_error(told), in_xml(ebay_xml(notice, "Error")), openstack_error(told),
        failed(in_json(json_string(told.spoken))), server_error(told), general(notice, told),
        snowflake(told), authorize_net(told), accepted(in_json(alipay(notice, "error"))),
        last_fm(told)}) {
    said.push_back(alone);
  }
  return said;
}

}  // namespace intermission::dialect::error_members
