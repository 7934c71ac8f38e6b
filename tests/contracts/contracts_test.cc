// Holds every answer of tests/cases against what we promise: openapi/gateway.yaml for statuses,
// media types and fields, schemas/ for bodies.
#include <gtest/gtest.h>
#include <rapidjson/pointer.h>

#include <cstdlib>
#include <map>
#include <set>

#include "base/text.h"
#include "document/document.h"
#include "http/media_type.h"
#include "support/cases.h"
#include "support/files.h"
#include "support/json_schema.h"
#include "support/temporary_folder.h"

namespace intermission::testing {
namespace {

const rapidjson::Document& contract() {
  static const auto read = [] {
    auto document = document::read_document(source_path("openapi/gateway.yaml").string());
    if (!document) throw std::runtime_error(document.error().text());
    return std::move(*document);
  }();
  return read.value;
}

const rapidjson::Value& follow(const rapidjson::Value& value) {
  if (!value.IsObject() || !value.HasMember("$ref")) return value;
  const std::string ref = value["$ref"].GetString();
  const rapidjson::Value* found = rapidjson::Pointer(ref.substr(1)).Get(contract());
  if (found == nullptr) throw std::runtime_error("dangling " + ref);
  return *found;
}

const rapidjson::Value& component(const char* kind, const char* name) {
  return contract()["components"][kind][name];
}

// Which component of the contract speaks of a status.
const rapidjson::Value& promised(const std::string& status, const std::string& asked) {
  if (status == "503") return component("responses", "Maintenance");
  if (status == "500") return component("responses", "SoapFault");
  if (status == "400") return component("responses", "OauthError");
  const auto asks = [&](const char* what) { return asked.find(what) != std::string::npos; };
  if (status == "200" && asks(" /robots.txt ")) return component("responses", "Robots");
  if (status == "200" && (asks("?wsdl") || asks("?singleWsdl") || asks("?xsd=")))
    return component("responses", "Wsdl");
  if (status == "200") return component("responses", "Ok");
  if (status == "204") return component("responses", "Preflight");
  if (status == "409") return component("responses", "LeaveApplication");
  if (status == "502") return component("responses", "EndOfRepeats");
  if (status == "303") return component("responses", "TestersLink");
  if (status == "101") return component("responses", "ClosedSocket");
  throw std::runtime_error("status " + status + " is not promised");
}

std::string value_of(const Heard& heard, std::string_view name) {
  for (const auto& [field, value] : heard.fields) {
    if (base::iequals(field, name)) return value;
  }
  return "";
}

// The operator of "billing" chose header and body of the legacy answer; only its form is ours.
bool is_operators_own(const Heard& heard) {
  return !value_of(heard, "X-Status").empty();
}

std::string check_fields(const Heard& heard, const rapidjson::Value& response) {
  std::string wrong;
  std::set<std::string> known = {"Content-Type"};
  for (const auto& header : response["headers"].GetObject()) {
    known.insert(header.name.GetString());
    const rapidjson::Value& declared = follow(header.value);
    const bool required = declared.HasMember("required") && declared["required"].GetBool();
    if (required && value_of(heard, header.name.GetString()).empty()) {
      wrong += std::string(header.name.GetString()) + " is missing\n";
    }
  }
  for (const auto& [name, value] : heard.fields) {
    if (known.count(name) == 0) wrong += name + " is not promised\n";
  }
  return wrong;
}

struct Answer {
  Conversation conversation;
  Heard heard;
  std::string status;
  http::MediaType type;
};

// Every answer that stands in for a service; reserved targets have tests of their
// own.
const std::vector<Answer>& answers() {
  static const auto all = [] {
    auto made = std::make_unique<std::vector<Answer>>();
    for (const auto& file : find_conversations(cases_folder())) {
      Answer answer{read_conversation(file), {}, {}, {}};
      const bool own = answer.conversation.asked.find("/.well-known/") != std::string::npos ||
                       answer.conversation.asked.starts_with("OPTIONS *") ||
                       // Those with a contract of their own are held against that: tests/contract.
                       file.parent_path().filename() == "contract" ||
                       // OpenAPI has no word for this method.
                       answer.conversation.asked.starts_with("CONNECT ");
      if (own || answer.conversation.only_socket) continue;
      answer.heard = hear_directly(answer.conversation);
      answer.status = answer.heard.status_line.substr(9, 3);
      made->push_back(std::move(answer));
    }
    // Views into the fields are taken once the answers stand where they stay.
    for (Answer& answer : *made) {
      for (const auto& [name, value] : answer.heard.fields) {
        if (name == "Content-Type") answer.type = http::parse_media_type(value).value();
      }
    }
    return made;
  }();
  return *all;
}

// Pictures are no documents, and protocols with errors of their own have those.
bool speaks_its_own(const Answer& answer) {
  return answer.type.is("image/svg+xml") || answer.type.is("application/manifest+json") ||
         answer.type.is("application/vnd.git-lfs+json") ||
         answer.heard.body.find("<d:error xmlns:d=\"DAV:\"") != std::string::npos;
}

TEST(Contracts, EveryAnswerHasAPromisedStatusTypeAndFields) {
  int checked = 0;
  for (const Answer& answer : answers()) {
    SCOPED_TRACE(answer.conversation.file.string());
    if (answer.heard.body == "ok\n") continue;  // to a probe, as a rule of the operator's says
    const rapidjson::Value& response = promised(answer.status, answer.conversation.asked);
    EXPECT_TRUE(answer.type.whole.empty() ||
                response["content"].HasMember(std::string(answer.type.whole)))
        << answer.type.whole;
    if (is_operators_own(answer.heard)) continue;
    EXPECT_EQ(check_fields(answer.heard, response), "");
    ++checked;
  }
  EXPECT_GE(checked, 60);
}

// The forms that an answer in JSON may have: those of the two schemas for REST clients, and each
// that dialects.schema.json lists.
std::map<std::string, JsonSchema> json_forms() {
  std::map<std::string, JsonSchema> forms;
  for (const char* name : {"problem", "legacy"}) {
    const std::string file = std::string("schemas/") + name + ".schema.json";
    forms.try_emplace(name, read_file(source_path(file)));
  }
  const auto read = document::read_document(source_path("schemas/dialects.schema.json").string());
  if (!read) throw std::runtime_error(read.error().text());
  for (const auto& form : read->value["anyOf"].GetArray()) {
    rapidjson::Document schema;
    schema.CopyFrom(read->value, schema.GetAllocator());
    schema["anyOf"].Clear();
    schema["anyOf"].PushBack(rapidjson::Value(form, schema.GetAllocator()), schema.GetAllocator());
    const std::string ref = form["$ref"].GetString();
    forms.try_emplace(ref.substr(ref.rfind('/') + 1), schema);
  }
  return forms;
}

TEST(Contracts, EveryJsonAnswerHasExactlyOneForm) {
  const std::map<std::string, JsonSchema> forms = json_forms();
  std::map<std::string, int> seen;
  for (const Answer& answer : answers()) {
    if (!answer.type.is_json() || answer.heard.body.empty()) continue;
    if (is_operators_own(answer.heard) || speaks_its_own(answer)) continue;
    rapidjson::Document body;
    body.Parse(answer.heard.body);
    ASSERT_FALSE(body.HasParseError()) << answer.conversation.file;
    std::vector<std::string> fitting;
    for (const auto& [name, schema] : forms) {
      if (schema.problem_of(body).empty()) fitting.push_back(name);
    }
    EXPECT_EQ(fitting.size(), 1U) << answer.conversation.file << ": " << answer.heard.body << "\n"
                                  << ::testing::PrintToString(fitting);
    for (const std::string& name : fitting) ++seen[name];
  }
  for (const auto& [name, schema] : forms) EXPECT_GE(seen[name], 1) << name << " has no case";
}

// The schema for an XML answer; empty where its protocol publishes none and it is to be
// well-formed.
std::string schema_for(const Answer& answer) {
  for (const char* root :
       {"<methodResponse", "<Error", "<OperationOutcome", "<ocs>", "<xsd:schema", "<definitions",
        "<partial-response", "<ajax-response", "<subsonic-response", "dataservices/metadata",
        "info:srw/diagnostic", "<Response><Errors>", "<lfm ", "<Ack>"}) {
    if (answer.heard.body.find(root) != std::string::npos) return "";
  }
  if (answer.heard.body.find("urn:ietf:rfc:7807") != std::string::npos) return "problem.xsd";
  const bool is_12 = answer.type.is("application/soap+xml");
  return is_12 ? "soap-1.2-fault.xsd" : "soap-1.1-fault.xsd";
}

TEST(Contracts, EveryXmlAnswerIsValid) {
  const TemporaryFolder folder;
  std::map<std::string, std::string> files;  // by schema
  int checked = 0;
  for (const Answer& answer : answers()) {
    if (!answer.type.is_xml() || answer.heard.body.empty() || speaks_its_own(answer)) continue;
    const std::string name = std::to_string(++checked) + ".xml";
    files[schema_for(answer)] += " " + folder.write(name, answer.heard.body).string();
  }
  EXPECT_EQ(files.size(), 4U) << "problems, faults of both versions and others are to be seen";
  EXPECT_GE(checked, 15);
  for (const auto& [schema, names] : files) {
    const auto log = folder.path() / (schema + ".log");
    const std::string by_schema =
        schema.empty() ? "" : " --schema " + source_path("schemas/" + schema).string();
    const std::string command =
        "xmllint --noout --nonet" + by_schema + names + " 2> " + log.string();
    EXPECT_EQ(std::system(command.c_str()), 0) << read_file(log);
  }
}

TEST(Contracts, TheSchemasRefuseWhatIsWrong) {
  EXPECT_NE(invalid_by("problem.schema.json", std::string(R"({"type":"about:blank"})")), "");
  EXPECT_NE(invalid_by("legacy.schema.json",
                       std::string(R"({"type":"Exception","status":"503","response":"x"})")),
            "");
  EXPECT_NE(invalid_by("legacy.schema.json", std::string("{")), "");
}

TEST(Contracts, TheNoticeIsValid) {
  int checked = 0;
  for (const auto& file : find_conversations(cases_folder() / "reserved")) {
    const Conversation conversation = read_conversation(file);
    if (conversation.asked.find("/notice") == std::string::npos) continue;
    EXPECT_EQ(invalid_by("notice.schema.json", hear_directly(conversation).body), "") << file;
    ++checked;
  }
  EXPECT_GE(checked, 2);
}

TEST(Contracts, TheExamplesOfTheContractAreValid) {
  const rapidjson::Value& examples = contract()["components"]["examples"];
  EXPECT_EQ(invalid_by("problem.schema.json", examples["Problem"]["value"]), "");
  EXPECT_EQ(invalid_by("problem.schema.json", examples["ProblemWithEnd"]["value"]), "");
  EXPECT_EQ(invalid_by("legacy.schema.json",
                       component("responses", "Ok")["content"]["application/json"]["example"]),
            "");
  const TemporaryFolder folder;
  for (const auto& [example, schema] :
       {std::pair{"ProblemXml", "problem.xsd"}, std::pair{"Soap11Fault", "soap-1.1-fault.xsd"},
        std::pair{"Soap12Fault", "soap-1.2-fault.xsd"}}) {
    const auto file = folder.write("example.xml", examples[example]["value"].GetString());
    const std::string command = "xmllint --noout --nonet --schema " +
                                source_path("schemas/").string() + schema + " " + file.string() +
                                " 2> /dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0) << example;
  }
}

}  // namespace
}  // namespace intermission::testing
