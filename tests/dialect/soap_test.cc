// What the conversations of tests/cases/soap do not reach: hostile and odd envelopes.
#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "catalog/service.h"
#include "dialect/table.h"

namespace intermission::dialect {
namespace {

constexpr const char* k11 = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr const char* k12 = "http://www.w3.org/2003/05/soap-envelope";

const Dialect& soap() {
  return *table()[*find("soap")];
}

struct Asked {
  std::string method = "POST";
  std::string content_type = "text/xml";
  std::string body = {};
};

Claim ask(const Asked& asked, BodyState state = BodyState::kFinal) {
  http::Request request;
  request.reset(asked.method, "/", 11);
  if (!asked.content_type.empty()) request.add_field("Content-Type", asked.content_type);
  request.set_body(asked.body, true);
  const catalog::Service service;
  RequestEvidence evidence(request, state, service);
  return soap().recognise(evidence);
}

std::string envelope(const std::string& name, const std::string& inside = "") {
  return "<e:Envelope xmlns:e=\"" + name + "\">" + inside + "</e:Envelope>";
}

TEST(Soap, TheEnvelopesNamespaceTellsTheVersion) {
  EXPECT_EQ(ask({.body = envelope(k11)}).favours, 0U);
  EXPECT_EQ(ask({.body = envelope(k12)}).favours, 1U);
  EXPECT_EQ(ask({.body = "\xEF\xBB\xBF<?xml version=\"1.0\"?><!-- x -->" + envelope(k12)}).favours,
            1U);
  EXPECT_EQ(ask({.body = std::string("<Envelope xmlns=\"") + k11 + "\"/>"}).favours, 0U);
}

// As Axis and SoapUI write them: names that begin with the envelope's own prefix come first.
TEST(Soap, ThePrefixOfTheEnvelopeIsTheWholePrefix) {
  const auto envelope_with = [](const std::string& declared) {
    return ask({.body = "<soap:Envelope " + declared + "><soap:Body/></soap:Envelope>"}).favours;
  };
  const std::string encoding = "xmlns:soapenc=\"http://schemas.xmlsoap.org/soap/encoding/\" ";
  const std::string shorter = "xmlns:so=\"urn:so\" xmlns=\"urn:none\" xmlnssoap=\"urn:x\" ";
  EXPECT_EQ(envelope_with(encoding + "xmlns:soap=\"" + k11 + "\""), 0U);
  EXPECT_EQ(envelope_with(encoding + shorter + "xmlns:soap=\"" + k12 + "\""), 1U);
  EXPECT_EQ(envelope_with("xmlns:soapenv=\"" + std::string(k11) + "\""), std::nullopt);
}

TEST(Soap, AnEnvelopeInUtf16IsRead) {
  std::string wide = "\xFF\xFE";
  for (const char c : envelope(k12)) wide += {c, '\0'};
  EXPECT_EQ(ask({.body = wide}).favours, 1U);
}

TEST(Soap, WhatIsNoEnvelopeIsNotSoap) {
  for (const std::string& body :
       {std::string(), std::string("<"), std::string("<a/>"), std::string("{}"),
        envelope("urn:other"), std::string("<Envelope/>"), std::string("<x:Envelope/>"),
        std::string(1000, '<'), std::string("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"),
        std::string("\0\0\0\0", 4)}) {
    EXPECT_EQ(ask({.body = body}).strength, Claim::Strength::kNone) << body;
    EXPECT_EQ(ask({.body = body}).favours, std::nullopt) << body;
  }
}

TEST(Soap, DeepNestingIsSurvived) {
  std::string deep = envelope(k11);
  deep.insert(deep.find("</e:"), [] {
    std::string open;
    for (int i = 0; i < 20000; ++i) open += "<a>";
    return open;
  }());
  EXPECT_EQ(ask({.body = deep}).favours, 0U);
}

TEST(Soap, TheHeadSaysWhetherTheBodyIsNeeded) {
  const auto needs = [](const Asked& asked) { return ask(asked, BodyState::kUnread).needs_body; };
  EXPECT_TRUE(needs({.content_type = "text/xml"}));
  EXPECT_TRUE(needs({.content_type = "application/xml"}));
  EXPECT_TRUE(needs({.content_type = ""}));
  EXPECT_TRUE(needs({.content_type = "application/soap+xml"}));
  EXPECT_FALSE(needs({.content_type = "application/json"}));
  EXPECT_FALSE(needs({.content_type = "application/x-www-form-urlencoded"}));
  EXPECT_FALSE(needs({.method = "PUT", .content_type = "text/xml"}));
}

TEST(Soap, ABodyThatNeverCameLeavesTheHeadsEvidence) {
  EXPECT_EQ(ask({.content_type = "application/soap+xml"}).favours, 1U);
  EXPECT_EQ(ask({.content_type = "text/xml"}).strength, Claim::Strength::kNone);
}

// The repeated part of a fault, parsed again.
std::string relates_to(const std::string& header) {
  const std::string body = envelope(k12, "<e:Header>" + header + "</e:Header><e:Body/>");
  http::Request request;
  request.reset("POST", "/", 11);
  request.add_field("Content-Type", "application/soap+xml");
  request.set_body(body, true);
  const catalog::Service service;
  RequestEvidence evidence(request, BodyState::kFinal, service);
  page::Notice notice;
  notice.message = "Back soon";
  notice.language = "en";
  notice.seconds = 120;
  const auto said = soap().render(notice, service);
  const auto again = soap().repeat(evidence, notice, said[1], soap().recognise(evidence)).body;
  if (!again) return "(nothing repeated)";
  pugi::xml_document document;
  EXPECT_TRUE(document.load_string(again->c_str())) << *again;
  return document.document_element().child("soap:Header").child_value("wsa:RelatesTo");
}

TEST(Soap, TheMessageIdIsRepeatedWhateverItHolds) {
  const std::string ns = " xmlns:w=\"http://www.w3.org/2005/08/addressing\"";
  EXPECT_EQ(relates_to("<w:MessageID" + ns + "> urn:1 </w:MessageID>"), "urn:1");
  EXPECT_EQ(relates_to("<w:MessageID" + ns + ">&lt;&#65;&amp;</w:MessageID>"), "<A&");
  EXPECT_EQ(
      relates_to("<w:MessageID" + ns + ">a" + std::string(page::kSecondsMark) + "b</w:MessageID>"),
      "a" + std::string(page::kSecondsMark) + "b");
  EXPECT_EQ(relates_to("<w:MessageID>urn:1</w:MessageID>"), "(nothing repeated)");
  EXPECT_EQ(relates_to("<w:Action" + ns + ">urn:1</w:Action>"), "(nothing repeated)");
}

}  // namespace
}  // namespace intermission::dialect
