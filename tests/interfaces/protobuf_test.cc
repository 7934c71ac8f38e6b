#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "dialect/protobuf.h"
#include "interfaces/interface_in_files.h"

namespace intermission::interfaces {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using testing::TemporaryFolder;

std::shared_ptr<const Interface> proto(const std::string& text) {
  return read_as("a.proto", text, read_protobuf);
}

TEST(Protobuf, ListsTheMethodsOfEachService) {
  const auto read = proto(R"(syntax = "proto3";
package orders.v1;
import "google/protobuf/empty.proto";
service Orders {
  option deprecated = true;
  rpc Get(GetOrder) returns (Order);
  rpc Put(stream Order) returns (google.protobuf.Empty) {}
  rpc Watch(.orders.v1.GetOrder) returns (stream Order) { option (google.api.http) = { get: "/v1" }; };
  rpc Talk(stream Order) returns (stream Order);
}
service Admin { rpc Stop(Order) returns (Order); }
)");
  EXPECT_THAT(calls_of(*read), ElementsAre("orders.v1.Orders Get (unary):6",
                                           "orders.v1.Orders Put (client streaming):7",
                                           "orders.v1.Orders Watch (server streaming):8",
                                           "orders.v1.Orders Talk (bidirectional streaming):9",
                                           "orders.v1.Admin Stop (unary):11"));
  EXPECT_THAT(read->services, ElementsAre("orders.v1.Admin", "orders.v1.Orders"));
  EXPECT_THAT(findings_of(*read), IsEmpty());
  EXPECT_TRUE(read->offers("orders.v1.Orders"));
  EXPECT_FALSE(read->offers("Orders"));
  EXPECT_FALSE(read->offers(""));
}

TEST(Protobuf, EverythingElseIsPassedOver) {
  const auto read = proto(R"(
/* service No { rpc A(B) returns (C); } */
// service No { rpc A(B) returns (C); }
edition = "2023";
option java_package = "service {";
option (custom) = { service: "x" rpc: 7 };
message service_name { optional string service = 1 [default = "}"]; message Inner { map<string, int32> rpc = 2; }
  oneof one { string a = 3; } reserved 4, 10 to max; extensions 100 to 199; }
enum rpc_kind { ZERO = 0; MINUS = -1; HEX = 0xFF; }
extend google.protobuf.MethodOptions { string rpc_option = 50001; }
service S { rpc stream(stream) returns (returns); rpc service(rpc) returns (stream rpc); ; };
)");
  EXPECT_THAT(calls_of(*read),
              ElementsAre("S stream (unary):11", "S service (server streaming):11"));
  EXPECT_THAT(findings_of(*read), IsEmpty());
}

TEST(Protobuf, AStatementThatCannotBeReadCostsItself) {
  const auto read = proto(R"(package a
;
service S {
  rpc Broken(A) return (B);
  rpc NoTypes;
  rpc Good(A) returns (B);
  rpc Open(A returns (B);
}
}
service { rpc Lost(A) returns (B); }
service T { rpc Good(A) returns (B); }
)");
  EXPECT_THAT(calls_of(*read), ElementsAre("a.S Good (unary):6", "a.T Good (unary):11"));
  EXPECT_THAT(
      findings_of(*read),
      ElementsAre("broken-statement:4: expected rpc NAME (TYPE) returns (TYPE);, got \"return\"",
                  "broken-statement:5: expected rpc NAME (TYPE) returns (TYPE);, got \";\"",
                  "broken-statement:7: expected rpc NAME (TYPE) returns (TYPE);, got \"returns\"",
                  "broken-statement:9: expected a definition, got \"}\"",
                  "broken-statement:10: expected service NAME {, got \"{\""));
}

TEST(Protobuf, AMethodHasANameAndTwoTypes) {
  const std::string said = "broken-statement:1: expected rpc NAME (TYPE) returns (TYPE);, got ";
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {"rpc (A) returns (B);", "\"(\""},      {"rpc Get returns (B);", "\"returns\""},
      {"rpc Get(A) returns ;", "\";\""},      {"rpc Get(A) (B);", "\"(\""},
      {"rpc Get(A) returns (B)", "\"}\""},    {"rpc Get,(A) returns (B);", "\",\""},
      {"rpc Get(A) returns (B.);", "\")\""},  {"rpc A rpc B(C) returns (D);", "\"rpc\""},
      {"rpc Get(A) returns (B) 7;", "\"7\""},
  };
  for (const auto& [method, got] : mistakes) {
    const auto read = proto("service S { " + method + " }");
    EXPECT_THAT(calls_of(*read), IsEmpty()) << method;
    EXPECT_THAT(
        findings_of(*read),
        ElementsAre(said + got, "no-operations:1: expected a service with a method, got none"))
        << method;
  }
}

TEST(Protobuf, AServiceEndsWithItsBracketWhateverIsInside) {
  const auto read = proto(
      "service S { rpc A }\nservice T { option x }\nservice U { rpc B(C) "
      "returns (D); }");
  EXPECT_THAT(calls_of(*read), ElementsAre("U B (unary):3"));
  EXPECT_THAT(findings_of(*read),
              ElementsAre("broken-statement:1: expected rpc NAME (TYPE) returns (TYPE);, got "
                          "\"}\""));
}

TEST(Protobuf, AByteOrderMarkIsPassedOver) {
  EXPECT_THAT(calls_of(*proto("\xEF\xBB\xBFservice S { rpc A(B) returns (C); }")),
              ElementsAre("S A (unary):1"));
}

TEST(Protobuf, CountsNoMoreMethodsThanItsLimit) {
  std::string text;
  for (const char* service : {"S", "T"}) {
    text += std::string("service ") + service + " {";
    for (std::size_t i = 0; i < kMaxCalls / 2 + 1; ++i) text += " rpc A(B) returns (C);";
    text += " }\n";
  }
  EXPECT_EQ(proto(text)->calls.size(), kMaxCalls);
}

TEST(Protobuf, AFileHasAGreatestSize) {
  const TemporaryFolder folder;
  const auto path = folder.write("a.proto", "");
  const auto problem = [&](std::uintmax_t size) {
    std::filesystem::resize_file(path, size);
    const auto read = read_protobuf(path.string());
    return read ? "none" : read.error().text();
  };
  EXPECT_THAT(problem(kMaxInterfaceBytes), HasSubstr("got the character \\x00"));
  EXPECT_THAT(problem(kMaxInterfaceBytes + 1), HasSubstr("16"));
  EXPECT_THAT(problem(kMaxInterfaceBytes + 1), ::testing::Not(HasSubstr("character")));
}

TEST(Protobuf, AFolderHasAGreatestNumberOfFiles) {
  const TemporaryFolder folder;
  for (std::size_t i = 1; i < kMaxInterfaceFiles; ++i) {
    folder.write("f" + std::to_string(i) + ".proto", "");
  }
  folder.write("s.proto", "service S { rpc A(B) returns (C); }");
  const auto most = read_protobuf(folder.path().string());
  ASSERT_TRUE(most) << most.error().text();
  EXPECT_THAT(calls_of(**most), ElementsAre("S A (unary):1"));
  folder.write("one-more.proto", "");
  EXPECT_EQ(read_protobuf(folder.path().string()).error().text(),
            folder.path().string() + ": expected at most 1000 files");
}

TEST(Protobuf, AFileThatEndsInsideSaysSo) {
  EXPECT_THAT(findings_of(*proto("message A")),
              ElementsAre("broken-statement:1: expected ; or }, got the end",
                          "no-operations:1: expected a service with a method, got none"));
  EXPECT_THAT(findings_of(*proto("service S { rpc A(B) returns (C);")),
              ElementsAre("broken-statement:1: expected }, got the end"));
  EXPECT_THAT(findings_of(*proto("service S { rpc A(B) returns (C) { option x = 1;")),
              ElementsAre("broken-statement:1: expected ; or }, got the end",
                          "broken-statement:1: expected }, got the end"));
  EXPECT_EQ(error_as("a.proto", "\nservice /* S {", read_protobuf),
            ":2: expected a definition, got a comment that is never closed");
  EXPECT_EQ(error_as("a.proto", "option a = \"b\n\";", read_protobuf),
            ":1: expected a definition, got a text that is never closed");
  EXPECT_EQ(error_as("a.proto", "a = \"\\\"", read_protobuf),
            ":1: expected a definition, got a text that is never closed");
  EXPECT_EQ(error_as("a.proto", "service S \x01", read_protobuf),
            ":1: expected a definition, got the character \\x01");
}

TEST(Protobuf, ADocumentWithoutMethodsIsAFinding) {
  for (const char* text : {"", "syntax = 'proto3';", "service S {}"}) {
    EXPECT_THAT(findings_of(*proto(text)),
                ElementsAre("no-operations:1: expected a service with a method, got none"))
        << text;
  }
}

TEST(Protobuf, AFolderIsReadAsAWhole) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "a");
  folder.write("a/orders.proto", "package p; service A { rpc Get(X) returns (X); }");
  folder.write("b.proto", "package p; service A { rpc Other(X) returns (X); }");
  folder.write("c.proto", "service \"never closed");
  folder.write("readme.txt", "service No { rpc Get(X) returns (X); }");
  const auto read = read_protobuf(folder.path().string());
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_THAT(calls_of(**read), ElementsAre("p.A Get (unary):1"));
  EXPECT_THAT(
      findings_of(**read),
      ElementsAre("broken-document:1: expected a definition, got a text that is never closed",
                  "same-service-twice:1: the service p.A is defined a second time; the first "
                  "counts"));
  const TemporaryFolder empty;
  EXPECT_THAT(read_protobuf(empty.path().string()).error().text(),
              HasSubstr("expected a folder with .proto files in it"));
  EXPECT_THAT(read_protobuf((empty.path() / "none.proto").string()).error().text(),
              HasSubstr("cannot be read: No such file or directory"));
}

// ---------------------------------------------------------------- descriptor sets

using dialect::integer;
using dialect::length_delimited;

std::string method(const std::string& name, bool client = false, bool server = false) {
  std::string out =
      length_delimited(1, name) + length_delimited(2, ".p.In") + length_delimited(3, ".p.Out");
  if (client) out += integer(5, 1);
  if (server) out += integer(6, 1);
  return out;
}

std::string descriptor_file(const std::string& package, const std::string& services) {
  return length_delimited(1, length_delimited(1, "a.proto") +
                                 (package.empty() ? "" : length_delimited(2, package)) +
                                 length_delimited(4, length_delimited(1, "In")) + services +
                                 length_delimited(12, "proto3"));
}

std::string service(const std::string& name, const std::vector<std::string>& methods) {
  std::string out = length_delimited(1, name);
  for (const std::string& one : methods) out += length_delimited(2, one);
  return length_delimited(6, out);
}

TEST(DescriptorSet, ListsTheSameMethods) {
  const auto read =
      read_as("set.pb",
              descriptor_file("p.v1", service("A", {method("Get"), method("Put", true),
                                                    method("Watch", false, true)})) +
                  descriptor_file("", service("B", {method("Talk", true, true)})),
              read_protobuf);
  EXPECT_THAT(
      calls_of(*read),
      ElementsAre("p.v1.A Get (unary):0", "p.v1.A Put (client streaming):0",
                  "p.v1.A Watch (server streaming):0", "B Talk (bidirectional streaming):0"));
  EXPECT_THAT(read->services, ElementsAre("B", "p.v1.A"));
}

TEST(DescriptorSet, FieldsOfOtherTypesArePassedOver) {
  const std::string others = std::string("\x31") + "12345678" + "\x3d" + "1234" + integer(8, 300);
  const auto read = read_as("set.pb",
                            length_delimited(1, others + length_delimited(1, "a.proto") +
                                                    service("A", {method("Get") + others})),
                            read_protobuf);
  EXPECT_THAT(calls_of(*read), ElementsAre("A Get (unary):0"));
}

TEST(DescriptorSet, WhatIsNoneIsAnError) {
  const std::string good = descriptor_file("p", service("A", {method("Get")}));
  const std::string broken[] = {
      "",
      "syntax = \"proto3\";",
      "{\"file\": []}",
      good.substr(0, good.size() - 1),
      good + "\x0b",                                         // a group
      good + "\x08",                                         // a number that is not there
      good + std::string("\x08") + std::string(10, '\xff'),  // one without an end
      good + std::string("\x0a\xff\xff\xff\xff\x0f"),        // longer than all
      length_delimited(1, ""),                               // a file without a name
      descriptor_file("p", length_delimited(6, "")),
      descriptor_file("p", service("A", {""})),
      descriptor_file("p", service("A\xff", {method("Get")})),
      descriptor_file("p", service("A", {method("Get\xff")})),
      descriptor_file("p\xff", service("A", {method("Get")})),
      descriptor_file("p", service("A", {method("Get") + "\x0b"})),
      descriptor_file("p", service("A", {method("Get"), "\x0b"})),
      descriptor_file("p", length_delimited(6, length_delimited(1, "A") + "\x0b")),
      descriptor_file("p", service("A", {method("Get")}) + "\x0b"),
      std::string("\x02\x00", 2),  // the field 0
  };
  for (const std::string& bytes : broken) {
    EXPECT_THAT(error_as("set.pb", bytes, read_protobuf),
                StartsWith(": expected a file whose name ends"))
        << bytes;
  }
}

}  // namespace
}  // namespace intermission::interfaces
