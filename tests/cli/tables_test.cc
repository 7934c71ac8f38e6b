#include "cli/tables.h"

#include <gtest/gtest.h>

#include <string>

namespace intermission::cli {
namespace {

std::string shown(std::string (*show)(const rapidjson::Document&), const char* json) {
  rapidjson::Document document;
  document.Parse(json);
  EXPECT_FALSE(document.HasParseError()) << json;
  return show(document);
}

TEST(Tables, ColumnsAreAsWideAsWhatStandsInThem) {
  EXPECT_EQ(shown(show_services, R"({"services":[
      {"name":"a-long-name","state":"open","gate":"open","since":"S","message":{"en":"Back soon"}},
      {"name":"b","state":"maintenance","until":"2026-12-02T02:00:00Z",
       "window":{"start":"W","end":"E"},"message":{"de":"Bald\nmehr","en":"x"}}]})"),
            "SERVICE      STATE        SINCE  UNTIL                 WINDOW  MESSAGE\n"
            "a-long-name  open         S                                    Back soon\n"
            "b            maintenance         2026-12-02T02:00:00Z  W       Bald\n");
}

TEST(Tables, AServiceThatOnlyAGateLetsThroughSaysSo) {
  EXPECT_EQ(shown(show_service_line,
                  R"({"name":"default","state":"maintenance","gate":"open","reason":"r"})"),
            "default: maintenance, open at a gate (r)\n");
  EXPECT_EQ(
      shown(show_service_line,
            R"({"name":"a","state":"maintenance","gate":"maintenance","reason":"r","until":"U"})"),
      "a: maintenance until U (r)\n");
}

TEST(Tables, ContractsThatAreNotUsedFollowTheTable) {
  EXPECT_EQ(shown(show_services, R"({"services":[{"name":"a","state":"open"},
      {"name":"b","state":"open","contractErrors":["f:1: x",7,"f:2: y"]}]})"),
            "SERVICE  STATE  SINCE  UNTIL  WINDOW  MESSAGE\n"
            "a        open\n"
            "b        open\n"
            "b: its contract is not used: f:1: x\n"
            "b: its contract is not used: f:2: y\n");
}

TEST(Tables, WindowsByOriginAndWhatAllOfThemComeTo) {
  EXPECT_EQ(shown(show_windows, R"({
      "planned":[{"id":"w1","window":{"start":"S1","for":"2h","zone":"Europe/Berlin","rrule":"R"}},
                 {"id":"w2","window":{"start":"S2","end":"E2"}},{"id":"w3"}],
      "configured":[{"id":"S3","start":"S3","end":"E3","cancelled":false},
                    {"id":"S4","start":"S4","end":"E4","cancelled":true},
                    {"id":"S5","start":"S5","end":"E5"}],
      "next":[{"start":"S1","end":"E1"}]})"),
            "WINDOW  START  END\n"
            "w1      S1     for 2h  Europe/Berlin R\n"
            "w2      S2     E2\n"
            "S3      S3     E3      configured\n"
            "S4      S4     E4      cancelled\n"
            "S5      S5     E5      configured\n"
            "\n"
            "NEXT  UNTIL\n"
            "S1    E1\n");
  EXPECT_EQ(shown(show_windows, R"({"planned":[],"configured":[],"next":[]})"),
            "WINDOW  START  END\n");
}

TEST(Tables, CallersAndChanges) {
  EXPECT_EQ(shown(show_callers, R"({"callers":[{"service":"a","kind":"soap","count":7,
      "wrongPasses":2,"lastSeen":"L","lastPath":"/p","agent":"curl"}]})"),
            "SERVICE  KIND  COUNT  WRONG PASSES  LAST SEEN  LAST PATH  AGENT\n"
            "a        soap  7      2             L          /p         curl\n");
  EXPECT_EQ(shown(show_changes, R"({"changes":[{"at":"A","service":"s","what":"off","by":"b"}]})"),
            "AT  SERVICE  CHANGE  BY\n"
            "A   s        off     b\n");
}

TEST(Tables, WhatTheGatewayMadeOfItsConfiguration) {
  EXPECT_EQ(shown(show_reload, R"({"services":3,"inMaintenance":1})"),
            "the configuration was reloaded; 3 services, 1 in maintenance\n");
  EXPECT_EQ(shown(show_gateway, R"({"configuration":{"failures":0}})"), "");
  EXPECT_EQ(
      shown(show_gateway, R"({"certificates":[
      {"listener":"data","file":"shop.pem","names":["shop.example","*.shop.example"],
       "notAfter":"2027-01-01T00:00:00Z","daysLeft":32},
      {"listener":"control","names":[],"notAfter":"2026-11-01T00:00:00Z","daysLeft":-3}]})"),
      "\nCERTIFICATE    LISTENER  NAMES                        EXPIRES               DAYS LEFT\n"
      "shop.pem       data      shop.example *.shop.example  2027-01-01T00:00:00Z  32\n"
      "(self-signed)  control                                2026-11-01T00:00:00Z  -3\n");
  EXPECT_EQ(shown(show_problem, R"({"configuration":{"failures":0}})"), "");
  EXPECT_EQ(shown(show_problem, R"({"configuration":{"problem":"f:1: x"}})"),
            "\nthe new configuration was rejected; the old one stays in force: f:1: x\n");
}

TEST(Tables, ContractsThatAreNoListOfErrorsAreLeftOut) {
  EXPECT_EQ(shown(show_services, R"({"services":[{"name":"a","contractErrors":7}]})"),
            "SERVICE  STATE  SINCE  UNTIL  WINDOW  MESSAGE\na\n");
}

TEST(Tables, InstancesAndWhatIsOddAboutThem) {
  const std::string row = R"({"instances":[
      {"name":"a","address":"A:1","program":"1.0","configuration":"c","version":7,
       "seenSecondsAgo":0,"living":true,"self":true},
      {"name":"b","address":"B:1","program":"1.1","configuration":"d","version":6,
       "seenSecondsAgo":90,"living":false,"self":false},
      {"name":"c","living":true,"self":false}])";
  const std::string table =
      "INSTANCE  ADDRESS  PROGRAM  CONFIGURATION  STATE  LAST SEEN\n"
      "a         A:1      1.0      c              7      0 s ago    this one\n"
      "b         B:1      1.1      d              6      90 s ago   gone\n"
      "c                                                  s ago\n";
  EXPECT_EQ(shown(show_instances, (row + "}").c_str()), table);
  EXPECT_EQ(shown(show_instances, (row + R"(,"reachable":true,"warnings":[]})").c_str()), table);
  EXPECT_EQ(shown(show_instances, (row + R"(,"warnings":["one",7,"two"]})").c_str()),
            table + "\none\ntwo\n");
  EXPECT_EQ(shown(show_instances, (row + R"(,"reachable":false})").c_str()),
            table + "\nthe database cannot be reached; this is the list as it was seen last\n");
}

TEST(Tables, CertificatesWithoutTheirDays) {
  EXPECT_EQ(shown(show_certificates, R"({"certificates":[
      {"file":"a.pem","listener":"data","names":7,"daysLeft":"x"},{"file":"b.pem"}]})"),
            "\nCERTIFICATE  LISTENER  NAMES  EXPIRES  DAYS LEFT\na.pem        data\nb.pem\n");
}

TEST(Tables, WhatIsWrongWithTheDatabase) {
  EXPECT_EQ(shown(show_problem, R"({"store":{"reachable":true,"takesChanges":true,"held":[]}})"),
            "");
  EXPECT_EQ(shown(show_problem, R"({"store":{}})"), "");
  EXPECT_EQ(
      shown(show_problem,
            R"({"store":{"reachable":false,"takesChanges":false,"since":"S","problem":"p"}})"),
      "\nthe database cannot be reached since S (p); changes are refused, and clients are "
      "answered as before\n");
  EXPECT_EQ(
      shown(show_problem, R"({"store":{"reachable":true,"takesChanges":false,"problem":"p"}})"),
      "\nthe database takes no changes (p); clients are answered as before\n");
  EXPECT_EQ(shown(show_problem, R"({"configuration":{"problem":"f:1: x"},
                                    "store":{"reachable":true,"held":["a","b"]}})"),
            "\nthe new configuration was rejected; the old one stays in force: f:1: x\n"
            "\nin maintenance at this instance alone: a b\n");
}

// A gateway of another version, or no gateway at all.
TEST(Tables, WhatIsNotThereIsLeftEmpty) {
  for (const char* json :
       {"{}", "[]", "7", R"({"services":7,"callers":7,"changes":7,"planned":7})"}) {
    EXPECT_EQ(shown(show_services, json), "");
    EXPECT_EQ(shown(show_callers, json),
              "SERVICE  KIND  COUNT  WRONG PASSES  LAST SEEN  LAST PATH  AGENT\n");
    EXPECT_EQ(shown(show_changes, json), "AT  SERVICE  CHANGE  BY\n");
    EXPECT_EQ(shown(show_windows, json), "WINDOW  START  END\n");
    EXPECT_EQ(shown(show_gateway, json), "");
  }
  EXPECT_EQ(shown(show_services, R"({"services":[{"name":-1,"message":{}},{"message":7},7]})"),
            "SERVICE  STATE  SINCE  UNTIL  WINDOW  MESSAGE\n\n\n\n");
}

TEST(EventLines, SayInOneLineWhatHappened) {
  const auto line = [](const std::string& event) { return EventLines().take(event + "\n\n"); };
  EXPECT_EQ(line("event: service\ndata: {\"name\":\"a\",\"state\":\"maintenance\",\"until\":\"U\","
                 "\"reason\":\"r\"}"),
            "a: maintenance until U (r)\n");
  EXPECT_EQ(line("event: reload\ndata: {\"at\":\"A\"}"), "the configuration was reloaded\n");
  EXPECT_EQ(line("event: reload\ndata: {\"at\":\"A\",\"problem\":\"f:1: x\"}"),
            "the new configuration was rejected: f:1: x\n");
  EXPECT_EQ(line("event: lost\ndata: 3"), "(3 events were missed)\n");
  EXPECT_EQ(line("id: 7\nevent: later\ndata: {}"), "") << "of a newer gateway";
  EXPECT_EQ(line("event: service\ndata: {"), "") << "no JSON";
  EXPECT_EQ(line("data: {}"), "");
  EXPECT_EQ(line(":"), "");
}

TEST(EventLines, WaitForTheEndOfAnEvent) {
  EventLines lines;
  EXPECT_EQ(lines.take("event: re"), "");
  EXPECT_EQ(lines.take("load\ndata: {}\n"), "");
  EXPECT_EQ(lines.take("\nevent: lost\n"), "the configuration was reloaded\n");
  EXPECT_EQ(lines.take("data: 3\n\nevent: reload\ndata: {}\n\nevent: lost\ndata: 4\n\n"),
            "(3 events were missed)\nthe configuration was reloaded\n(4 events were missed)\n");
  EXPECT_EQ(lines.take("\n\n"), "") << "no event is shown twice";
}

}  // namespace
}  // namespace intermission::cli
