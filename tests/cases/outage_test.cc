// Services behind a standing fallback: a router sends their traffic here because they do not
// answer, and nobody has planned it. The requests of all conversations are asked once more about
// such services. No answer may speak of maintenance or of an end that somebody planned, none may be
// taken for success, and each says the shortest wait.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "base/base64.h"
#include "base/hex.h"
#include "base/text.h"
#include "catalog/configuration.h"
#include "dialect/table.h"
#include "page/words.h"
#include "support/cases.h"

namespace intermission::testing {
namespace {

using snapshot::SnapshotPtr;

// ---------------------------------------------------------------- services that nobody switched
// off

// Hosts that no service names. The operator's message is for maintenance, so nobody may hear it.
SnapshotPtr unknown_hosts() {
  static const SnapshotPtr made = [] {
    auto loaded = catalog::load_text(
        "defaults: { unknown_hosts: outage, "
        "message: { en: Planned maintenance, de: Geplante Wartung } }",
        "fallback.yaml", {});
    return std::make_shared<const snapshot::Snapshot>(std::move((*loaded).catalog));
  }();
  return made;
}

// The services of a configuration of the cases, none of them in maintenance.
SnapshotPtr opened(const std::string& config) {
  static std::map<std::string, SnapshotPtr> made;
  SnapshotPtr& open = made[config];
  if (open) return open;
  const catalog::Catalog& catalog = snapshot_for(config)->catalog();
  catalog::Catalog::Replacements replacements;
  for (std::size_t i = 0; i < catalog.services().size(); ++i) {
    auto service = std::make_shared<catalog::Service>(catalog.service(i));
    service->maintenance = base::Maintenance::kOff;
    service->switched.reset();
    replacements.emplace_back(i, std::move(service));
  }
  open = std::make_shared<const snapshot::Snapshot>(catalog.with(replacements));
  return open;
}

// The request with other lines of that name, or without any.
std::string with_field(std::string_view name, const std::string& line, const std::string& request) {
  const auto end = request.find("\r\n\r\n") + 2;
  std::string out = request.substr(0, request.find("\r\n") + 2) + line;
  for (auto at = out.size() - line.size(); at < end;) {
    const auto next = request.find("\r\n", at) + 2;
    const std::string_view given(request.data() + at, next - at);
    if (!base::iequals(given.substr(0, given.find(':')), name)) out += given;
    at = next;
  }
  return out + request.substr(end);
}

std::string ask_another_host(const std::string& request) {
  return with_field("Host", "Host: stopped.apps.example.com\r\n", request);
}

std::string ask_in(std::string_view language, const std::string& request) {
  return with_field("Accept-Language", "Accept-Language: " + std::string(language) + "\r\n",
                    request);
}

// ---------------------------------------------------------------- what may not be said

// What is in the heading of a page about maintenance and in no other word of ours, by language.
// Where two words may be said alone, both stand here.
const std::map<std::string, std::vector<std::string>> kMaintenance = {
    {"ar", {"صيانة"}},
    {"bg", {"поддръжка"}},
    {"ca", {"manteniment"}},
    {"cs", {"držb"}},
    {"da", {"vedligehold"}},
    {"de", {"wartung"}},
    {"el", {"συντήρησ"}},
    {"en", {"maintenance"}},
    {"es", {"mantenimiento"}},
    {"et", {"hooldus"}},
    {"fa", {"تعمیر", "نگه‌داری"}},
    {"fi", {"huolto"}},
    {"fr", {"maintenance"}},
    {"he", {"תחזוק"}},
    {"hi", {"रखरखाव"}},
    {"hr", {"održavanj"}},
    {"hu", {"karbantart"}},
    {"id", {"pemeliharaan"}},
    {"it", {"manutenzion"}},
    {"ja", {"メンテナンス"}},
    {"ko", {"점검"}},
    {"lt", {"techniniai darbai"}},
    {"lv", {"apkop"}},
    {"nb", {"vedlikehold"}},
    {"nl", {"onderhoud"}},
    {"pl", {"prace serwisowe"}},
    {"pt", {"manutenç"}},
    {"pt-BR", {"manutenç"}},
    {"ro", {"mentenanț"}},
    {"ru", {"ехнические работы"}},
    {"sk", {"držb"}},
    {"sl", {"vzdržev"}},
    {"sv", {"underhåll"}},
    {"th", {"บำรุงรักษา"}},
    {"tr", {"bakım"}},
    {"uk", {"ехнічні роботи"}},
    {"ur", {"دیکھ بھال"}},
    {"vi", {"bảo trì"}},
    {"zh", {"维护"}},
    {"zh-Hant", {"維護"}},
};

// What is in an answer without being there to be read at once: percent-escapes of grpc-message, and
// base64 of gRPC's details and of gRPC-Web, which may lie in each other.
std::string laid_open(std::string text) {
  for (int depth = 0; depth < 2; ++depth) {
    std::string decoded;
    std::size_t run = 0;
    std::uint32_t bits = 0;
    for (const char c : text) {
      const auto value = base::base64_value(c);
      run = value ? run + 1 : 0;
      bits = bits << 6 | value.value_or(0);
      if (run == 0 || run % 4 != 0) continue;
      for (const int shift : {16, 8, 0}) decoded += static_cast<char>(bits >> shift & 0xFFU);
    }
    text += "\n" + decoded;
  }
  return text + "\n" + base::percent_decoded(text, [](char) { return true; });
}

// Names and values that others have chosen, each with what makes it no claim.
std::string without_names(std::string text, const std::string& kind) {
  const auto cut = [&text](std::string_view known) {
    for (auto at = text.find(known); at != text.npos; at = text.find(known, at)) {
      text.erase(at, known.size());
    }
  };
  // The field is there in every answer, and names the service; scripts are granted it by name.
  cut("X-Maintenance");
  // Nextcloud's member; that it is false is what is to be said.
  if (kind == "nextcloud") cut("\"maintenance\":false");
  // What old clients have always parsed: the operator wrote it word for word, or its default is the
  // seed's. The message in it is that of the outage.
  if (kind == "legacy") cut("StatusHeader: Status: maintenance window");
  return text;
}

std::string text_of(const Told& told) {
  std::string text = told.heard.status_line + "\n";
  for (const auto& [name, value] : told.heard.fields) text += name + ": " + value + "\n";
  text = without_names(text + "\n" + told.heard.body, told.kind);
  return told.kind.starts_with("grpc") || told.kind == "connect" ? laid_open(text) : text;
}

// ---------------------------------------------------------------- what is no 503

struct Otherwise {
  std::string_view kind;
  std::string_view status;
  std::string_view sign;  // is in the answer, and no client takes it for success
  bool says_wait = true;
};

// Dialects whose clients read an error under another status only, and answers that are not about
// the service at all.
constexpr Otherwise kOtherwise[] = {
    // The protocol has its own status, and HTTP's is always 200.
    {"grpc", "200", "grpc-status: 14"},
    {"grpc_web", "200", "grpc-status: 14"},
    {"connect", "200", "{\"error\":{\"code\":\"unavailable\""},  // a stream
    {"xml_rpc", "200", "<methodResponse><fault>"},
    {"ocsp", "200", std::string_view("0\x03\x0a\x01\x03", 5)},                  // tryLater
    {"ipp", "200", std::string_view("\x05\x07", 2)},                            // server-error-busy
    {"thrift", "200", std::string_view("\x80\x01\x00\x03", 4)},                 // an exception
    {"thrift", "200", "\x82\x61"},                                              // a compact one
    {"thrift", "200", "\"2\":{\"i32\":6}}]"},                                   // one in JSON
    {"timestamp", "200", std::string_view("\x03\x05\x06\x00\x00\x00\x40", 7)},  // systemFailure
    {"nextcloud", "200", "\"statuscode\":503"},                                 // version 1 of OCS
    {"json_rpc", "200", "\"error\":{\"code\":-3200"},  // version 1, or by configuration
    {"soap", "500", ":Fault>"},                        // SOAP 1.1 §6.2
    {"contract", "500", ":Fault>"},
    // The client gives up for ever, asks again at once, or shows nothing, where it gets 503.
    {"event_stream", "200", "event: outage"},
    {"graphql", "200", "\"errors\":[{"},  // a subscription in an event stream
    {"trino", "200", "\"state\":\"FAILED\""},
    {"widgets", "200", "rror\":\""},  // error, or sError
    {"widgets", "200", "\"results\":[{\"id\":\"\""},
    {"widgets", "200", "\"Result\":\"ERROR\""},
    {"widgets", "200", "\"status\":\"error\""},
    {"widgets", "200", "\"type\":\"exception\""},
    {"widgets", "200", "\"error\":{\"code\":\"503\""},
    {"error_members", "200", "\"status\":\"GENERAL_ERROR\""},
    {"error_members", "200", "\"success\":false"},         // Snowflake
    {"error_members", "200", "\"resultCode\":\"Error\""},  // Authorize.Net
    {"error_members", "200", "<lfm status=\"failed\">"},
    {"error_members", "200", "_response\":{\"code\":\"20000\""},  // Alipay
    {"error_members", "500", "\n\n\""},                           // amtool
    {"error_members", "500", "\n\n{\"error\":{\"message\":"},     // Cloudinary, ShipEngine
    {"widgets", "200", "[{\"label\":\""},
    {"widgets", "200", "[{\"text\":\""},
    {"upload", "500", ""},
    {"subsonic", "200", "failed"},
    {"bayeux", "200", "\"successful\":false,\"error\":\"503::"},
    {"framework", "200", "datastar-patch-elements"},
    {"error_members", "502", "\"error\":"},
    // The client loads a page, and that is 503.
    {"framework", "200", "<partial-response><redirect url="},
    {"framework", "200", "|pageRedirect||/"},
    {"framework", "200", "<ajax-response/>"},
    {"framework", "200", "Vaadin-Refresh\n"},
    {"framework", "200", "<p role=\"alert\" lang=\""},
    {"inertia", "409", "X-Inertia-Location: "},
    // As the operator or the contract has it.
    {"oauth", "400", "\"error\":\"temporarily_unavailable\""},
    {"legacy", "200", "503"},
    {"contract", "409", "X-Kind: closed"},
    {"websocket", "101", "Upgrade: websocket", false},  // and closed, with a code that says why
    // Not about the service: the router's own question, what a script may do, files for crawlers
    // and consumers, the gateway's own addresses, and a gate, which is open.
    {"probe", "200", "ok", false},
    {"preflight", "204", "Access-Control-Max-Age: 0", false},
    {"robots", "200", "User-agent:", false},
    {"wsdl", "200", "<xs", false},
    {"reserved", "200", "", false},
    {"gate", "204", "", false},
};

const Otherwise* otherwise(const Told& told, std::string_view status, const std::string& text) {
  const auto* found =
      std::find_if(std::begin(kOtherwise), std::end(kOtherwise), [&](const Otherwise& known) {
        return known.kind == told.kind && known.status == status &&
               text.find(known.sign) != std::string::npos;
      });
  return found == std::end(kOtherwise) ? nullptr : found;
}

// By Retry-After; by a member or a sentence for clients that break on that field.
bool says_wait(const std::string& text) {
  if (text.find("\nRetry-After: 5\n") != std::string::npos) return true;
  if (text.find("\"retryAfter\":5") != std::string::npos) return true;
  const auto words = page::all_words();
  return std::any_of(words.begin(), words.end(), [&](const page::Words& one) {
    std::string sentence = one.wait;
    sentence.replace(sentence.find("{seconds}"), std::string_view("{seconds}").size(), "5");
    return text.find(sentence) != std::string::npos;
  });
}

// In words; empty where nothing is wrong.
std::string wrong_with(const Told& told, const std::string& text) {
  std::string wrong;
  for (const std::string& word : kMaintenance.at("en")) {
    if (base::icontains(text, word)) wrong += "speaks of " + word + "; ";
  }
  // The windows of the cases are from 22:00 to 23:00, and "planned" is in codes of several APIs.
  for (const char* plan : {"planned", "T22:00", "T23:00", "23:00 UTC", "endsAt\":\""}) {
    if (base::icontains(text, plan)) wrong += std::string("speaks of a plan: ") + plan + "; ";
  }
  const std::string status = told.heard.status_line.substr(9, 3);
  const Otherwise* other = otherwise(told, status, text);
  if (status != "503" && other == nullptr) wrong += "has the status " + status + "; ";
  if (!says_wait(text) && (other == nullptr || other->says_wait))
    wrong += "does not say the wait; ";
  if (!wrong.empty()) wrong += told.kind + "\n" + text;
  return wrong;
}

// ---------------------------------------------------------------- the tests

class Outage : public ::testing::Test {
 protected:
  template <typename Ask>
  void for_each_conversation(Ask ask) {
    for (const auto& file : find_conversations(cases_folder())) {
      const Conversation conversation = read_conversation(file);
      if (conversation.only_socket) continue;
      ask(conversation);
    }
  }
};

TEST_F(Outage, NoAnswerForAnUnknownHostSpeaksOfMaintenance) {
  std::set<std::string> kinds;
  for_each_conversation([&](const Conversation& conversation) {
    const Told told = tell(ask_another_host(conversation.request), *unknown_hosts());
    const std::string text = text_of(told);
    EXPECT_EQ(wrong_with(told, text), "") << conversation.file;
    kinds.insert(told.kind);
  });
  EXPECT_GE(kinds.size(), 45U);
}

TEST_F(Outage, NoAnswerAboutAServiceThatIsOpenSpeaksOfMaintenance) {
  std::set<std::string> kinds;
  for_each_conversation([&](const Conversation& conversation) {
    const Told told = tell(conversation.request, *opened(conversation.config));
    const std::string text = text_of(told);
    EXPECT_EQ(wrong_with(told, text), "") << conversation.file;
    kinds.insert(told.kind);
    for (const catalog::Service& service :
         snapshot_for(conversation.config)->catalog().services()) {
      for (const auto& [language, message] : service.message.entries) {
        EXPECT_EQ(text.find(message), std::string::npos) << conversation.file;
      }
    }
  });
  for (const dialect::Dialect* dialect : dialect::table()) {
    EXPECT_TRUE(kinds.contains(std::string(dialect->name))) << "nobody heard " << dialect->name;
  }
}

// The words above are what tells a page about maintenance from one about an outage.
TEST_F(Outage, EachLanguageHasItsWordForMaintenance) {
  for (const page::Words& words : page::all_words()) {
    const auto known = kMaintenance.find(words.language);
    ASSERT_NE(known, kMaintenance.end()) << words.language;
    for (const std::string& word : known->second) {
      EXPECT_TRUE(base::icontains(words.down_for_maintenance, word)) << words.language;
      EXPECT_FALSE(base::icontains(words.temporarily_unavailable, word)) << words.language;
    }
  }
  EXPECT_EQ(kMaintenance.size(), page::all_words().size());
}

// One request of each kind, in each language that there are words in.
TEST_F(Outage, NoAnswerInAnyLanguageSpeaksOfMaintenance) {
  std::map<std::string, std::string> requests;
  for_each_conversation([&](const Conversation& conversation) {
    const std::string request = ask_another_host(conversation.request);
    requests.emplace(tell(request, *unknown_hosts()).kind, request);
  });
  std::size_t pages = 0;
  for (const auto& [kind, request] : requests) {
    for (const page::Words& words : page::all_words()) {
      const Told told = tell(ask_in(words.language, request), *unknown_hosts());
      const std::string text = text_of(told);
      EXPECT_EQ(wrong_with(told, text), "") << words.language;
      for (const std::string& word : kMaintenance.at(words.language)) {
        EXPECT_FALSE(base::icontains(text, word)) << kind << " in " << words.language << "\n"
                                                  << text;
      }
      for (const std::string& end :
           {words.ends.substr(0, words.ends.find('{')), words.taking_longer}) {
        EXPECT_TRUE(end.empty() || !base::icontains(text, end))
            << kind << " in " << words.language << "\n"
            << text;
      }
      if (kind != "page") continue;
      EXPECT_NE(text.find(words.temporarily_unavailable), std::string::npos) << words.language;
      ++pages;
    }
  }
  EXPECT_EQ(pages, page::all_words().size());
}

}  // namespace
}  // namespace intermission::testing
