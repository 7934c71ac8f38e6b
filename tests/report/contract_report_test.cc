#include "report/contract_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "catalog/configuration.h"
#include "report/check.h"
#include "report/explain.h"
#include "snapshot/contracts.h"
#include "support/cases.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace intermission::report {
namespace {

using ::testing::HasSubstr;

const snapshot::Snapshot& snapshot() {
  static const auto made = testing::snapshot_for("contract.yaml");
  return *made;
}

std::vector<base::Error> problems() {
  return {{"not an API document", "broken.yaml", 6}};
}

rapidjson::Document json(ReportFormat format) {
  const std::string text = contract_report(snapshot(), problems(), testing::cases_time(), format);
  rapidjson::Document document;
  document.Parse(text.c_str());
  EXPECT_FALSE(document.HasParseError()) << text;
  return document;
}

std::string explain_here(const std::string& method, const std::string& path) {
  return explain({.method = method, .url = "http://parcels.example.com" + path}, snapshot(),
                 {testing::cases_time(), 0});
}

TEST(ContractReport, CountsWhatOperationsDeclare) {
  const std::string report = check_report(snapshot(), testing::cases_time());
  EXPECT_THAT(report, HasSubstr("parcels.yaml: 7 operations, 3 declare 503, 0 declare 5XX, "
                                "2 declare default, 2 declare nothing"));
  EXPECT_FALSE(has_contract_findings(snapshot()));
}

TEST(ContractReport, ShowsWhatClientsWillBeTold) {
  const std::string report =
      contract_report(snapshot(), problems(), testing::cases_time(), ReportFormat::kMarkdown);
  EXPECT_THAT(report, HasSubstr("## parcels"));
  EXPECT_THAT(
      report,
      HasSubstr("### 503 application/json: 2 operations, by default\n\n```json\n{\n  \"error\": {\n"
                "    \"code\": \"unavailable\",\n    \"message\": \"We are counting parcels\"\n"
                "  }\n}\n```\n"));
  EXPECT_THAT(report, HasSubstr("- PUT /v1/parcels/{id} ("));
  EXPECT_THAT(report, HasSubstr("parcels.yaml:10 says; also as application/xml."));
}

// A pipe would end a cell, "<" begin markup, and a fence of three end the block.
TEST(ContractReport, WritesMarkdownThatShowsForeignTextAsItIs) {
  const testing::TemporaryFolder folder;
  folder.write("a_p_i.yaml", R"(
openapi: 3.1.0
paths:
  /a|b*c_d<e:
    get:
      responses:
        '503': { content: { text/plain: { schema: { type: string } } } }
  /xml:
    get:
      responses:
        '503': { content: { application/xml: { schema: { type: object, xml: { name: e },
          properties: { message: { type: string } } } } } }
)");
  const auto file = folder.write(
      "c.yaml",
      "services: [{ name: a_b, hosts: [a.example], message: 'x ``` y', contract: a_p_i.yaml }]");
  auto configuration = catalog::load_file(file.string(), {});
  ASSERT_TRUE(configuration) << configuration.error().text();
  const snapshot::Snapshot snapshot(
      snapshot::read_contracts(std::move(configuration->catalog)).catalog);
  const std::vector<base::Error> broken = {{"expected <a> or `b`", "x.yaml", 1}};
  const std::string report = contract_report(snapshot, broken, {}, ReportFormat::kMarkdown);
  EXPECT_THAT(report, HasSubstr("- error: x.yaml:1: expected \\<a> or \\`b\\`\n"));
  EXPECT_THAT(report, HasSubstr("## a\\_b\n"));
  EXPECT_THAT(report, HasSubstr("- GET /a\\|b\\*c\\_d\\<e ("));
  EXPECT_THAT(report, ::testing::ContainsRegex("a._p._i.yaml:[0-9]+ says"));
  EXPECT_THAT(report, HasSubstr("\n````text\nx ``` y\n````\n"));
  EXPECT_THAT(report, HasSubstr("\n````xml\n<"));
}

TEST(ContractReport, SpeaksJson) {
  const auto report = json(ReportFormat::kJson);
  const auto& parcels = report["services"][0];
  EXPECT_STREQ(parcels["service"].GetString(), "parcels");
  EXPECT_EQ(parcels["operations"].Size(), 7U);
  EXPECT_TRUE(std::string(parcels["contract"].GetString()).ends_with("parcels.yaml"));
  EXPECT_STREQ(report["problems"][0]["rule"].GetString(), "broken-contract");
}

TEST(ContractReport, TellsOfWsdls) {
  const auto depot = testing::snapshot_for("config.yaml");
  const base::TimePoint now = testing::cases_time();
  EXPECT_THAT(check_report(*depot, now),
              HasSubstr("orders.wsdl: 2 operations, 2 SOAP ports; 2 declare faults, 1 of them one "
                        "that fits and is used"));
  const std::string report = contract_report(*depot, {}, now, ReportFormat::kMarkdown);
  EXPECT_THAT(report, HasSubstr("## depot\n"));
  EXPECT_THAT(report, HasSubstr("| CancelOrder of Orders | 1 | none |"));
  EXPECT_THAT(report, HasSubstr("<message>The depot is being swept\\</message>"));
  rapidjson::Document json;
  json.Parse(contract_report(*depot, {}, now, ReportFormat::kJson).c_str());
  const auto& told = json["services"][0]["soapOperations"][0];
  EXPECT_STREQ(told["name"].GetString(), "GetOrder");
  EXPECT_STREQ(told["fault"].GetString(), "ServiceUnavailable");
  EXPECT_THAT(told["detail"].GetString(), HasSubstr("<retryAfter>1800</retryAfter>"));
}

// Its code is of a type that has no value at all.
TEST(ContractReport, CountsFindingsAboutWsdls) {
  const testing::TemporaryFolder folder;
  std::string text = testing::read_file(testing::source_path("deploy/contracts/orders.xsd"));
  const auto from = text.find("<xsd:enumeration");
  text.replace(from, text.find("</xsd:restriction>") - from,
               R"(<xsd:minLength value="2"/><xsd:maxLength value="1"/>)");
  folder.write("orders.xsd", text);
  folder.write("orders.wsdl",
               testing::read_file(testing::source_path("deploy/contracts/orders.wsdl")));
  const auto file =
      folder.write("c.yaml", "services: [{ name: a, hosts: [a.example], wsdl: orders.wsdl }]");
  auto configuration = catalog::load_file(file.string(), {});
  ASSERT_TRUE(configuration) << configuration.error().text();
  snapshot::Contracts contracts = snapshot::read_contracts(std::move(configuration->catalog));
  EXPECT_TRUE(contracts.problems.empty());
  const snapshot::Snapshot snapshot(std::move(contracts.catalog));
  EXPECT_TRUE(has_contract_findings(snapshot));
  const std::string sarif = contract_report(snapshot, {}, {}, ReportFormat::kSarif);
  EXPECT_THAT(sarif, HasSubstr("\"ruleId\": \"no-valid-detail\""));
  EXPECT_THAT(sarif, HasSubstr("orders.xsd\""));
}

/// A service with a document of each other kind, each with a mistake that costs one operation.
snapshot::Contracts interfaces_in(const testing::TemporaryFolder& folder) {
  folder.write("orders.proto",
               "package v1;\nservice Orders {\n  rpc Get(A) returns (B);\n"
               "  rpc Watch(A) returns (stream B);\n  rpc Lost(A);\n}\n");
  folder.write("schema.graphql",
               "type Query { order: Order }\ntype Mutation { cancel: Boolean }\n");
  folder.write("async.yaml",
               "asyncapi: 2.6.0\nservers: { live: { protocol: ws }, queue: { protocol: amqp } }\n"
               "channels:\n  /changes: { servers: [live], subscribe: { operationId: changed } }\n"
               "  orders: { servers: [queue], publish: {}, subscribe: {} }\n"
               "  lost: { servers: [gone] }\n");
  const auto file =
      folder.write("c.yaml",
                   "services: [{ name: a, hosts: [a.example], protobuf: orders.proto, "
                   "graphql_schema: schema.graphql, asyncapi: async.yaml }]");
  auto configuration = catalog::load_file(file.string(), {});
  EXPECT_TRUE(configuration) << configuration.error().text();
  return snapshot::read_contracts(std::move(configuration->catalog));
}

TEST(ContractReport, ListsWhatElseAServiceOffers) {
  const testing::TemporaryFolder folder;
  snapshot::Contracts contracts = interfaces_in(folder);
  EXPECT_TRUE(contracts.problems.empty());
  const snapshot::Snapshot snapshot(std::move(contracts.catalog));
  const std::string text = check_report(snapshot, {});
  for (const char* line :
       {"  protobuf    v1.Orders: Get, Watch (server streaming)\n", "  graphql     query: order\n",
        "  graphql     mutation: cancel\n", "  asyncapi    /changes: changed (subscribe over ws)\n",
        "async.yaml: 1 operation, 2 over amqp that no gateway of HTTP is asked for\n",
        "orders.proto: 2 operations\n", "orders.proto:5: expected rpc NAME (TYPE) returns",
        "schema.graphql:1: the type Order is not defined",
        "async.yaml:6: expected the name of a server, got gone"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_TRUE(has_contract_findings(snapshot));
  const std::string markdown = contract_report(snapshot, {}, {}, ReportFormat::kMarkdown);
  EXPECT_THAT(markdown, HasSubstr("### protobuf: 2 operations\n"));
  EXPECT_THAT(markdown, HasSubstr("| v1.Orders | Get | unary | "));
  EXPECT_THAT(markdown, HasSubstr("orders.proto:3 |\n"));
  EXPECT_THAT(contract_report(snapshot, {}, {}, ReportFormat::kSarif),
              HasSubstr("\"ruleId\": \"broken-statement\""));
  rapidjson::Document json;
  json.Parse(contract_report(snapshot, {}, {}, ReportFormat::kJson).c_str());
  const auto& service = json["services"][0];
  EXPECT_EQ(service["protobuf"]["operations"].Size(), 2U);
  EXPECT_STREQ(service["protobuf"]["operations"][1]["kind"].GetString(), "server streaming");
  EXPECT_EQ(service["protobuf"]["operations"][1]["line"].GetInt(), 4);
  EXPECT_STREQ(service["graphql_schema"]["operations"][0]["group"].GetString(), "query");
  EXPECT_EQ(service["asyncapi"]["operations"].Size(), 1U);
  EXPECT_EQ(service["findings"].Size(), 3U);
}

TEST(ContractReport, ShortensLongListsForPeople) {
  const testing::TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 60; ++i)
    text += "service S" + std::to_string(i) + " { rpc A(B) returns (C); }\n";
  text += "service Z {";
  for (int i = 0; i < 25; ++i) text += "rpc M" + std::to_string(i) + "(B) returns (C);";
  folder.write("a.proto", "service A { rpc X0(B) returns (C); " + text.substr(text.find("rpc M")) +
                              "}" + text.substr(0, text.find("service Z")));
  const auto file =
      folder.write("c.yaml", "services: [{ name: a, hosts: [a.example], protobuf: a.proto }]");
  auto configuration = catalog::load_file(file.string(), {});
  ASSERT_TRUE(configuration) << configuration.error().text();
  const snapshot::Snapshot snapshot(
      snapshot::read_contracts(std::move(configuration->catalog)).catalog);
  const std::string report = check_report(snapshot, {});
  EXPECT_THAT(report, HasSubstr("A: X0, M0, M1,"));
  EXPECT_THAT(report, HasSubstr("M18 and 6 more\n"));
  EXPECT_THAT(report, HasSubstr("  protobuf    S48: A\n  protobuf    and 11 operations more\n"));
}

// A service is answered for all the same.
TEST(ContractReport, SaysWhichOtherDocumentsCannotBeRead) {
  const testing::TemporaryFolder folder;
  folder.write("set.pb", "nothing of the kind");
  folder.write("schema.graphql", "{ data }");
  const auto file = folder.write("c.yaml",
                                 "services: [{ name: a, hosts: [a.example], protobuf: set.pb, "
                                 "graphql_schema: schema.graphql, asyncapi: none.yaml }]");
  auto configuration = catalog::load_file(file.string(), {});
  ASSERT_TRUE(configuration) << configuration.error().text();
  const snapshot::Contracts contracts = snapshot::read_contracts(std::move(configuration->catalog));
  ASSERT_EQ(contracts.problems.size(), 3U);
  EXPECT_THAT(contracts.problems[0].text(),
              HasSubstr("; service a is answered for without its protobuf document"));
  EXPECT_THAT(contracts.problems[1].text(), HasSubstr("schema.graphql:1: expected a schema"));
  EXPECT_THAT(contracts.problems[2].text(), HasSubstr("none.yaml"));
  EXPECT_EQ(contracts.catalog.services()[0].contract_errors.size(), 3U);
}

TEST(ContractReport, SpeaksSarif) {
  const auto report = json(ReportFormat::kSarif);
  const auto& result = report["runs"][0]["results"][0];
  EXPECT_STREQ(result["level"].GetString(), "error");
  EXPECT_EQ(result["locations"][0]["physicalLocation"]["region"]["startLine"].GetInt(), 6);
}

TEST(ContractExplained, SaysWhichOperationMatchedAndWhereTheBodyComesFrom) {
  const std::string told = explain_here("GET", "/v1/parcels/7");
  EXPECT_THAT(told, HasSubstr("contract   GET /v1/parcels/{id} ("));
  EXPECT_THAT(told, HasSubstr("contract   the body follows the response 503 at "));
  EXPECT_THAT(told, HasSubstr("negotiate  contract as application/vnd.parcels+json"));
  EXPECT_THAT(explain_here("GET", "/v1/nowhere"), HasSubstr("is no operation of the contract"));
  EXPECT_THAT(explain_here("GET", "/v1/partner"),
              HasSubstr("x-maintenance chooses the dialect legacy"));
  EXPECT_THAT(explain_here("GET", "/v1/plain"),
              HasSubstr("parcels.yaml:62 declares no body; the dialects answer"));
}

constexpr const char* kOwnFailures = R"(openapi: 3.1.0
paths:
  /a:
    get:
      responses:
        '500':
          content:
            application/json:
              schema: { required: [message, requestId], properties: { message: { type: string }, requestId: { type: string } } }
  /b:
    get:
      x-maintenance: { dialect: text }
      responses:
        '503':
          content:
            application/json:
              schema: { required: [message, requestId], properties: { message: { type: string }, requestId: { type: string } } }
)";

snapshot::Snapshot snapshot_with_own_failures() {
  const testing::TemporaryFolder folder;
  folder.write("api.yaml", kOwnFailures);
  const auto file =
      folder.write("c.yaml", "services: [{ name: a, hosts: [a.example], contract: api.yaml }]");
  auto configuration = catalog::load_file(file.string(), {});
  if (!configuration) throw std::runtime_error(configuration.error().text());
  return snapshot::Snapshot(snapshot::read_contracts(std::move(configuration->catalog)).catalog);
}

TEST(ContractExplained, SaysThatAnOperationsOwnFailureSpeaksForIt) {
  const std::string told = explain({.method = "GET", .url = "http://a.example/a"},
                                   snapshot_with_own_failures(), {testing::cases_time(), 0});
  EXPECT_THAT(told, HasSubstr("no response for maintenance is declared; the body follows "));
  EXPECT_THAT(told, HasSubstr("api.yaml:6, its own response 500, as application/json"));
}

// Nobody has to fall back on the form of most errors there.
TEST(ContractReport, CountsOperationsThatAnotherFailureSpeaksFor) {
  const std::string report = check_report(snapshot_with_own_failures(), testing::cases_time());
  EXPECT_THAT(report, HasSubstr("1 operation gets the form of another failure"));
  EXPECT_THAT(report, ::testing::Not(HasSubstr("operations that declare nothing")));
}

// Where x-maintenance chooses a dialect, no form is filled in, so no id of the request matters.
TEST(ContractExplained, NamesIdsInVaryOnlyWhereTheContractTellsThem) {
  const auto vary = [](const std::string& path) {
    const std::string told = explain({.method = "GET", .url = "http://a.example" + path},
                                     snapshot_with_own_failures(), {testing::cases_time(), 0});
    const auto at = told.find("Vary: ");
    return at == std::string::npos ? "none" : told.substr(at, told.find('\n', at) - at);
  };
  EXPECT_THAT(vary("/a"), HasSubstr("X-Request-Id"));
  EXPECT_THAT(vary("/b"), ::testing::Not(HasSubstr("X-Request-Id")));
}

TEST(ContractOfAService, IsLeftOutWhereItCannotBeRead) {
  const testing::TemporaryFolder folder;
  folder.write("good.yaml", "openapi: 3.1.0\npaths: { /a: { get: { responses: {} } } }\n");
  folder.write("bad.yaml", "openapi: 3.1.0\npaths: []\n");
  const auto file = folder.write("c.yaml",
                                 "services:\n"
                                 "- { name: a, hosts: [a.example], contract: good.yaml }\n"
                                 "- { name: b, hosts: [b.example], contract: bad.yaml }\n");
  auto configuration = catalog::load_file(file.string(), {});
  ASSERT_TRUE(configuration) << configuration.error().text();
  const snapshot::Contracts contracts = snapshot::read_contracts(std::move(configuration->catalog));
  EXPECT_NE(contracts.catalog.services()[0].contract, nullptr);
  EXPECT_EQ(contracts.catalog.services()[1].contract, nullptr);
  ASSERT_EQ(contracts.problems.size(), 1U);
  EXPECT_EQ(contracts.problems[0].line, 2);
  EXPECT_THAT(contracts.problems[0].text(), HasSubstr("bad.yaml:2: paths: expected"));
}

}  // namespace
}  // namespace intermission::report
