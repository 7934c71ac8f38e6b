// Texts that are valid by a simple type, and the one that is made for it. Details made from whole
// schemas are in xsd_sample_test.cc.
#include "wsdl/xsd_simple.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "wsdl/wsdl_in_memory.h"

namespace intermission::wsdl {
namespace {

const contract::Facts kFacts{.service = "orders",
                             .title = "Orders",
                             .message = "Back at 02:00 \xE2\x82\xAC",
                             .language = "de",
                             .seconds = "137",
                             .most_seconds = 4320,
                             .since = base::TimePoint(base::Seconds(1796162400)),
                             .until = base::TimePoint(base::Seconds(1796176800))};

XsdSimple in(XsdSpace space) {
  XsdSimple type;
  type.space = space;
  return type;
}

bool is_valid(const XsdSimple& type, std::string_view text) {
  return is_valid(type, text, kFacts);
}

std::string made(const XsdSimple& type, contract::FieldFact wanted = contract::FieldFact::kNone,
                 const contract::Facts& facts = kFacts) {
  const auto sample = wsdl::sample(type, wanted, facts);
  return sample ? sample->text + (sample->is_true ? " (true)" : "") : "none";
}

// ---------------------------------------------------------------- what is valid

TEST(XsdSimpleTest, NumbersKeepTheirBounds) {
  XsdSimple type = in(XsdSpace::kNumber);
  type.least = 2;
  type.most = 4;
  for (const char* text : {"2", "3.5", "4"}) EXPECT_TRUE(is_valid(type, text)) << text;
  for (const char* text : {"1.9", "4.1", "", "x", "3x", "3 "})
    EXPECT_FALSE(is_valid(type, text)) << text;
  type.above_least = type.below_most = true;
  for (const char* text : {"2.1", "3.9"}) EXPECT_TRUE(is_valid(type, text)) << text;
  for (const char* text : {"2", "4"}) EXPECT_FALSE(is_valid(type, text)) << text;
  type.whole = true;
  EXPECT_TRUE(is_valid(type, "3"));
  EXPECT_FALSE(is_valid(type, "3.0"));
  EXPECT_FALSE(is_valid(in(XsdSpace::kNumber), ""));
}

TEST(XsdSimpleTest, NumbersKeepTheirDigits) {
  XsdSimple type = in(XsdSpace::kNumber);
  type.total_digits = 3;
  type.fraction_digits = 1;
  for (const char* text : {"123", "-12.3", "0.5"}) EXPECT_TRUE(is_valid(type, text)) << text;
  for (const char* text : {"1234", "123.4", "0.25"}) EXPECT_FALSE(is_valid(type, text)) << text;
}

TEST(XsdSimpleTest, TokensAndNamesHaveTheirLetters) {
  for (const char* text : {"a", "_a", "a-b.c_d", "a1", "Z"}) {
    EXPECT_TRUE(is_valid(in(XsdSpace::kToken), text)) << text;
    EXPECT_TRUE(is_valid(in(XsdSpace::kName), text)) << text;
  }
  for (const char* text : {"1a", "-a", ".a"}) {
    EXPECT_TRUE(is_valid(in(XsdSpace::kToken), text)) << text;
    EXPECT_FALSE(is_valid(in(XsdSpace::kName), text)) << text;
  }
  for (const char* text : {"", "a b", "a:b", "a/"}) {
    EXPECT_FALSE(is_valid(in(XsdSpace::kToken), text)) << text;
    EXPECT_FALSE(is_valid(in(XsdSpace::kName), text)) << text;
  }
}

TEST(XsdSimpleTest, ABooleanHasFourSpellings) {
  for (const char* text : {"true", "false", "0", "1"}) {
    EXPECT_TRUE(is_valid(in(XsdSpace::kBoolean), text)) << text;
  }
  for (const char* text : {"", "yes", "TRUE", "2"}) {
    EXPECT_FALSE(is_valid(in(XsdSpace::kBoolean), text)) << text;
  }
}

TEST(XsdSimpleTest, LengthsCountCharacters) {
  XsdSimple type = in(XsdSpace::kText);
  type.min_length = 2;
  type.max_length = 3;
  for (const char* text : {"ab", "abc", "\xE2\x82\xAC\xE2\x82\xAC"})
    EXPECT_TRUE(is_valid(type, text));
  for (const char* text : {"a", "abcd", "\xE2\x82\xAC"}) EXPECT_FALSE(is_valid(type, text)) << text;
}

// ---------------------------------------------------------------- what is made

TEST(XsdSimpleTest, AFactIsWrittenInTheFormOfTheType) {
  EXPECT_EQ(made(in(XsdSpace::kText), contract::FieldFact::kMessage),
            "Back at 02:00 \xE2\x82\xAC (true)");
  EXPECT_EQ(made(in(XsdSpace::kText), contract::FieldFact::kTitle), "Service unavailable (true)");
  EXPECT_EQ(made(in(XsdSpace::kText), contract::FieldFact::kService), "orders (true)");
  EXPECT_EQ(made(in(XsdSpace::kLanguage), contract::FieldFact::kLanguage), "de (true)");
  EXPECT_EQ(made(in(XsdSpace::kNumber), contract::FieldFact::kStatus), "503 (true)");
  EXPECT_EQ(made(in(XsdSpace::kBoolean), contract::FieldFact::kTemporary), "true (true)");
  EXPECT_EQ(made(in(XsdSpace::kText), contract::FieldFact::kSeverity), "ERROR (true)");
  EXPECT_EQ(made(in(XsdSpace::kBoolean), contract::FieldFact::kSuccess), "false (true)");
  EXPECT_EQ(made(in(XsdSpace::kText), contract::FieldFact::kType), "ServiceUnavailable (true)");
  EXPECT_EQ(made(in(XsdSpace::kText), contract::FieldFact::kErrorWord),
            made(in(XsdSpace::kText), contract::FieldFact::kMessage));
  EXPECT_EQ(made(in(XsdSpace::kText), contract::FieldFact::kRequestId), "") << "it is not known";
  EXPECT_EQ(made(in(XsdSpace::kDateTime), contract::FieldFact::kUntil),
            "2026-12-02T02:00:00Z (true)");
}

TEST(XsdSimpleTest, WhatTheTypeHasNoRoomForIsNotTold) {
  EXPECT_EQ(made(in(XsdSpace::kNumber), contract::FieldFact::kMessage), "0");
  EXPECT_EQ(made(in(XsdSpace::kToken), contract::FieldFact::kTitle), "ServiceUnavailable");
  XsdSimple narrow = in(XsdSpace::kText);
  narrow.max_length = 4;
  EXPECT_EQ(made(narrow, contract::FieldFact::kMessage), "Back (true)");
  EXPECT_EQ(made(narrow, contract::FieldFact::kTitle), "503 (true)");
}

TEST(XsdSimpleTest, AWaitIsADurationWhereTheTypeIsOne) {
  EXPECT_EQ(made(in(XsdSpace::kDuration), contract::FieldFact::kSeconds), "PT137S (true)");
  EXPECT_EQ(made(in(XsdSpace::kText), contract::FieldFact::kSeconds), "137 (true)");
  EXPECT_EQ(made(in(XsdSpace::kText), contract::FieldFact::kMillis), "137000 (true)");
}

TEST(XsdSimpleTest, PartsOfADateAreOfTheMaintenanceOrRecognisablyOfNoDay) {
  struct Part {
    XsdSpace space;
    const char* known;
    const char* unknown;
  };
  contract::Facts nothing = kFacts;
  nothing.since = nothing.until = {};
  for (const auto& [space, known, unknown] : {
           Part{XsdSpace::kDateTime, "2026-12-01T22:00:00Z", "1970-01-01T00:00:00Z"},
           Part{XsdSpace::kDate, "2026-12-01", "1970-01-01"},
           Part{XsdSpace::kTime, "22:00:00Z", "00:00:00Z"},
           Part{XsdSpace::kYear, "2026", "1970"},
           Part{XsdSpace::kYearMonth, "2026-12", "1970-01"},
           Part{XsdSpace::kMonthDay, "--12-01", "--01-01"},
           Part{XsdSpace::kDay, "---01", "---01"},
           Part{XsdSpace::kMonth, "--12", "--01"},
       }) {
    EXPECT_EQ(made(in(space)), known);
    EXPECT_EQ(made(in(space), {}, nothing), unknown);
    EXPECT_EQ(made(in(space), contract::FieldFact::kSince), std::string(known) + " (true)");
  }
}

TEST(XsdSimpleTest, NumbersFillTheirPlaceAtABound) {
  XsdSimple type = in(XsdSpace::kNumber);
  type.whole = true;
  type.least = 6;
  EXPECT_EQ(made(type), "6");
  type.above_least = true;
  EXPECT_EQ(made(type), "7");
  type = in(XsdSpace::kNumber);
  type.most = -6;
  EXPECT_EQ(made(type), "-6");
  type.below_most = true;
  EXPECT_EQ(made(type), "-7");
  type = in(XsdSpace::kNumber);
  type.least = 0.25;
  type.most = 0.75;
  EXPECT_EQ(made(type), "0.25");
}

TEST(XsdSimpleTest, TextsAreStretchedToTheLeastLength) {
  XsdSimple type = in(XsdSpace::kText);
  EXPECT_EQ(made(type), "");
  type.min_length = 3;
  EXPECT_EQ(made(type), "-..");
  type.min_length = 1'000'000;
  EXPECT_EQ(made(type), "none");
  type = in(XsdSpace::kToken);
  type.min_length = 30;
  EXPECT_EQ(made(type), "x" + std::string(29, '.'));
  EXPECT_EQ(made(in(XsdSpace::kName)), "ServiceUnavailable");
}

TEST(XsdSimpleTest, OfAnEnumerationTheValueThatSaysBestThatAServiceIsDown) {
  XsdSimple type = in(XsdSpace::kText);
  type.enumeration = {"NOT_FOUND", "SYSTEM_ERROR", "SERVER_FAULT"};
  EXPECT_EQ(made(type), "SYSTEM_ERROR") << "the first of two that say the same";
  type.enumeration = {"ALPHA", "BETA"};
  EXPECT_EQ(made(type), "ALPHA");
}

TEST(XsdSimpleTest, AnOutageIsNoMaintenance) {
  XsdSimple type = in(XsdSpace::kText);
  contract::Facts outage = kFacts;
  outage.is_outage = true;
  type.enumeration = {"MAINTENANCE", "SYSTEM_ERROR"};
  EXPECT_EQ(made(type), "MAINTENANCE");
  EXPECT_EQ(made(type, contract::FieldFact::kNone, outage), "SYSTEM_ERROR");
  type.enumeration = {"PLANNED", "ALPHA"};
  EXPECT_EQ(made(type, contract::FieldFact::kNone, outage), "ALPHA");
  type.enumeration = {"MAINTENANCE"};
  EXPECT_EQ(made(type, contract::FieldFact::kNone, outage), "MAINTENANCE")
      << "the type allows nothing else";
}

TEST(XsdSimpleTest, AListHasAsManyItemsAsItMust) {
  XsdSimple list;
  list.is_list = true;
  list.members = {in(XsdSpace::kNumber)};
  EXPECT_EQ(made(list), "");
  list.min_length = 3;
  EXPECT_EQ(made(list), "0 0 0");
  list.min_length = 64;
  EXPECT_EQ(made(list).size(), 2 * 64 - 1U);
  list.min_length = 65;
  EXPECT_EQ(made(list), "none");
  list.min_length = 2;
  list.members = {in(XsdSpace::kText)};
  EXPECT_EQ(made(list), "none") << "an item without a character is none";
}

// ---------------------------------------------------------------- how it is read

/// What a fault says in its element x, whose type is declared inside of it.
std::string text_of_x(const std::string& type) {
  const std::string schema =
      "<xsd:element name='Fault'><xsd:complexType><xsd:sequence><xsd:element name='x'>" + type +
      "</xsd:element></xsd:sequence></xsd:complexType></xsd:element>";
  auto files = files_in_memory({{"main.wsdl", wsdl_with(schema, {"Fault"})}});
  if (!files) return files.error().text();
  const auto wsdl = Wsdl::from(std::move(*files));
  if (!wsdl) return wsdl.error().text();
  for (const auto& finding : (*wsdl)->findings()) return finding.text();
  const std::string detail = (*wsdl)->detail(0, kFacts).value_or("none");
  const auto begin = detail.find("<x>");
  return begin == std::string::npos ? detail
                                    : detail.substr(begin + 3, detail.find("</x>") - begin - 3);
}

std::string restricted(const std::string& base, const std::string& facets) {
  return text_of_x("<xsd:simpleType><xsd:restriction base='xsd:" + base + "'>" + facets +
                   "</xsd:restriction></xsd:simpleType>");
}

TEST(XsdSimpleTest, ReadsEveryFacet) {
  EXPECT_EQ(restricted("string", "<xsd:length value='3'/>"), "-..");
  EXPECT_EQ(restricted("string", "<xsd:minLength value='2'/>"), "-.");
  EXPECT_EQ(restricted("NMTOKEN", "<xsd:length value='20'/>"), "x" + std::string(19, '.'));
  EXPECT_EQ(restricted("NMTOKEN", "<xsd:maxLength value='3'/>"), "x");
  EXPECT_EQ(restricted("int", "<xsd:minInclusive value='7'/>"), "7");
  EXPECT_EQ(restricted("int", "<xsd:minExclusive value='7'/>"), "8");
  EXPECT_EQ(restricted("decimal", "<xsd:maxInclusive value='-7'/>"), "-7");
  EXPECT_EQ(restricted("decimal", "<xsd:maxExclusive value='-7'/>"), "-8");
  EXPECT_EQ(restricted("decimal", "<xsd:totalDigits value='1'/><xsd:minInclusive value='5'/>"),
            "5");
  EXPECT_EQ(restricted("token", "<xsd:enumeration value='a'/><xsd:enumeration value='b'/>"), "a");
  EXPECT_EQ(restricted("string", "<xsd:whiteSpace value='collapse'/><xsd:pattern value='x+'/>"),
            "x");
}

TEST(XsdSimpleTest, SaysWhichFacetItDoesNotUnderstand) {
  using ::testing::HasSubstr;
  EXPECT_THAT(restricted("string", "<xsd:minInclusive value='a'/>"),
              HasSubstr("bounds are understood for numbers only"));
  for (const char* bound : {"", "x", "1x"}) {
    EXPECT_THAT(restricted("int", "<xsd:maxInclusive value='" + std::string(bound) + "'/>"),
                HasSubstr("a bound of it is no number"));
  }
  for (const char* facet : {"length", "minLength", "totalDigits", "fractionDigits"}) {
    EXPECT_THAT(restricted("string", "<xsd:" + std::string(facet) + " value='x'/>"),
                HasSubstr("a length of it is no number"));
  }
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += "<xsd:enumeration value='v'/>";
  EXPECT_THAT(restricted("string", many), HasSubstr("it has too many values"));
}

TEST(XsdSimpleTest, SaysWhatATypeIsMissing) {
  using ::testing::HasSubstr;
  const auto declared = [](const std::string& inside) {
    return text_of_x("<xsd:simpleType>" + inside + "</xsd:simpleType>");
  };
  EXPECT_THAT(declared(""), HasSubstr("a simple type is derived from nothing"));
  EXPECT_THAT(declared("<xsd:restriction/>"), HasSubstr("a simple type is derived from nothing"));
  EXPECT_THAT(declared("<xsd:list/>"), HasSubstr("a simple type is derived from nothing"));
  EXPECT_THAT(declared("<xsd:union/>"), HasSubstr("a union unites nothing"));
  EXPECT_THAT(declared("<xsd:union memberTypes='  tns:Nowhere'/>"),
              HasSubstr("no simple type Nowhere of urn:example:orders is declared"));
  EXPECT_THAT(declared("<xsd:union><xsd:simpleType/></xsd:union>"),
              HasSubstr("a simple type is derived from nothing"));
  EXPECT_THAT(declared("<xsd:restriction base='tns:Nowhere'/>"),
              HasSubstr("no simple type Nowhere of urn:example:orders is declared"));
}

TEST(XsdSimpleTest, AUnionIsOneOfItsMembers) {
  const auto united = [](const std::string& inside) {
    return text_of_x("<xsd:simpleType>" + inside + "</xsd:simpleType>");
  };
  EXPECT_EQ(united("<xsd:union memberTypes=' xsd:int  xsd:boolean '/>"), "0");
  EXPECT_EQ(united("<xsd:union><xsd:annotation/><xsd:simpleType><xsd:restriction "
                   "base='xsd:boolean'/></xsd:simpleType></xsd:union>"),
            "false");
}

TEST(XsdSimpleTest, ReadsDigitsAndLengthsApart) {
  EXPECT_EQ(restricted("decimal", "<xsd:fractionDigits value='0'/><xsd:minInclusive value='0.5'/>"),
            "1");
  EXPECT_THAT(restricted("decimal", "<xsd:totalDigits value='1'/><xsd:minInclusive value='10'/>"),
              ::testing::HasSubstr("no text was found"));
  EXPECT_EQ(restricted("decimal", "<xsd:totalDigits value='2'/><xsd:minInclusive value='10'/>"),
            "10");
  EXPECT_EQ(restricted("string", "<xsd:length value='2'/><xsd:pattern value='a+'/>"), "aa");
  EXPECT_EQ(restricted("int", "<xsd:length value='9'/>"), "0") << "numbers have no length";
  EXPECT_EQ(restricted("boolean", "<xsd:minLength value='9'/>"), "false");
  EXPECT_EQ(restricted("boolean", "<xsd:pattern value='t.*'/>"), "true");
  EXPECT_THAT(restricted("hexBinary", "<xsd:minLength value='1'/>"),
              ::testing::HasSubstr("no text was found"));
  EXPECT_EQ(restricted("hexBinary", "<xsd:maxLength value='0'/>"), "");
  EXPECT_EQ(restricted("int", "text <!-- c --><xsd:minInclusive value='7'/>"), "7");
  EXPECT_EQ(restricted("integer", "<xsd:minInclusive value='0.5'/>"), "1");
  EXPECT_THAT(
      restricted("integer", "<xsd:minInclusive value='0.5'/><xsd:maxInclusive value='0.75'/>"),
      ::testing::HasSubstr("no text was found"));
  EXPECT_EQ(restricted("token",
                       "<xsd:enumeration value='b'/><xsd:enumeration value='a'/>"
                       "<xsd:pattern value='a'/>"),
            "a");
}

TEST(XsdSimpleTest, AnEnumerationHasSoManyValues) {
  const auto with = [](int values) {
    std::string many;
    for (int i = 0; i < values; ++i) many += "<xsd:enumeration value='v'/>";
    return restricted("string", many);
  };
  EXPECT_EQ(with(10'000), "v");
  EXPECT_THAT(with(10'001), ::testing::HasSubstr("it has too many values"));
}

TEST(XsdSimpleTest, TypesAreDerivedFromEachOtherToADepth) {
  const auto chain = [](int times) {
    std::string types = "<xsd:simpleType name='S" + std::to_string(times) +
                        "'><xsd:restriction base='xsd:int'/></xsd:simpleType>";
    for (int i = 0; i < times; ++i) {
      types += "<xsd:simpleType name='S" + std::to_string(i) + "'><xsd:restriction base='tns:S" +
               std::to_string(i + 1) + "'/></xsd:simpleType>";
    }
    auto files = files_in_memory(
        {{"main.wsdl", wsdl_with(types + "<xsd:element name='Fault' type='tns:S0'/>", {"Fault"})}});
    const auto wsdl = Wsdl::from(std::move(*files));
    for (const auto& finding : (*wsdl)->findings()) return finding.text();
    return std::string("made");
  };
  EXPECT_EQ(chain(14), "made");
  EXPECT_THAT(chain(15), ::testing::HasSubstr("a simple type is derived from itself"));
  std::string inside = "<xsd:restriction base='xsd:int'/>";
  for (int i = 0; i < 30; ++i) {
    inside = "<xsd:restriction><xsd:simpleType>" + inside + "</xsd:simpleType></xsd:restriction>";
  }
  EXPECT_EQ(text_of_x("<xsd:simpleType>" + inside + "</xsd:simpleType>"), "0");
  EXPECT_THAT(text_of_x("<xsd:simpleType><xsd:restriction><xsd:simpleType>" + inside +
                        "</xsd:simpleType></xsd:restriction></xsd:simpleType>"),
              ::testing::HasSubstr("a simple type is derived from itself"));
  std::string unions = "<xsd:restriction base='xsd:int'/>";
  for (int i = 0; i < 30; ++i) {
    unions = "<xsd:union><xsd:simpleType>" + unions + "</xsd:simpleType></xsd:union>";
  }
  EXPECT_EQ(text_of_x("<xsd:simpleType>" + unions + "</xsd:simpleType>"), "0");
  EXPECT_THAT(text_of_x("<xsd:simpleType><xsd:union><xsd:simpleType>" + unions +
                        "</xsd:simpleType></xsd:union></xsd:simpleType>"),
              ::testing::HasSubstr("a simple type is derived from itself"));
}

TEST(XsdSimpleTest, AWaitIsValidWithFewAndWithManySeconds) {
  XsdSimple type = in(XsdSpace::kText);
  type.max_length = 4;
  EXPECT_EQ(made(type, contract::FieldFact::kSeconds), "137 (true)");
  type.max_length = 3;
  EXPECT_EQ(made(type, contract::FieldFact::kSeconds), "") << "4320 has four digits";
  type = in(XsdSpace::kText);
  type.min_length = 2;
  EXPECT_EQ(made(type, contract::FieldFact::kSeconds), "-.") << "1 has one digit";
  EXPECT_TRUE(is_valid(in(XsdSpace::kText), "137 and 137"));
  type = in(XsdSpace::kText);
  type.max_length = 3;
  EXPECT_TRUE(is_valid(type, "138"));
  EXPECT_FALSE(is_valid(type, "137"));
  type.max_length = 9;
  EXPECT_FALSE(is_valid(type, "137 137 1")) << "4320 4320 1";
  contract::Facts none = kFacts;
  none.seconds = {};
  EXPECT_TRUE(is_valid(type, "137", none));
}

TEST(XsdSimpleTest, AUnionTellsTheTruthOfAnyMember) {
  XsdSimple type;
  XsdSimple narrow = in(XsdSpace::kText);
  narrow.min_length = 5000;
  type.members = {narrow, in(XsdSpace::kNumber), in(XsdSpace::kText)};
  EXPECT_EQ(made(type, contract::FieldFact::kMessage), "Back at 02:00 \xE2\x82\xAC (true)");
  EXPECT_EQ(made(type), "0");
  type.patterns.push_back({*contract::XsdPattern::parse("[^0]*")});
  EXPECT_EQ(made(type), "") << "the whole must be valid too";
  type.members = {narrow};
  EXPECT_EQ(made(type), "none");
}

TEST(XsdSimpleTest, AMomentIsWrittenInTypesOfTimeAndOfText) {
  EXPECT_EQ(made(in(XsdSpace::kText), contract::FieldFact::kSince), "2026-12-01T22:00:00Z (true)");
  EXPECT_EQ(made(in(XsdSpace::kNumber), contract::FieldFact::kSince), "0");
  EXPECT_EQ(made(in(XsdSpace::kToken), contract::FieldFact::kSince), "ServiceUnavailable");
  EXPECT_EQ(made(in(XsdSpace::kDateTime), contract::FieldFact::kService), "2026-12-01T22:00:00Z");
  EXPECT_EQ(made(in(XsdSpace::kYear), contract::FieldFact::kStatus), "2026") << "503 is no year";
  EXPECT_EQ(made(in(XsdSpace::kText), contract::FieldFact::kLanguage), "de (true)");
  contract::Facts known = kFacts;
  known.since = {};
  EXPECT_EQ(made(in(XsdSpace::kYear), {}, known), "2026");
  EXPECT_EQ(made(in(XsdSpace::kText), contract::FieldFact::kSince, known), "");
  known.language = {};
  EXPECT_EQ(made(in(XsdSpace::kText), contract::FieldFact::kLanguage, known), "")
      << "nothing is no truth";
}

TEST(XsdSimpleTest, TextsAreCutBetweenCharacters) {
  contract::Facts wordy = kFacts;
  wordy.message = "\xE2\x82\xAC\xE2\x82\xAC\xFF!";
  XsdSimple type = in(XsdSpace::kText);
  for (const auto& [most, text] : {std::pair<std::size_t, const char*>{1, "\xE2\x82\xAC (true)"},
                                   {2, "\xE2\x82\xAC\xE2\x82\xAC (true)"},
                                   {3, "\xE2\x82\xAC\xE2\x82\xAC\xFF (true)"},
                                   {9, "\xE2\x82\xAC\xE2\x82\xAC\xFF! (true)"}}) {
    type.max_length = most;
    EXPECT_EQ(made(type, contract::FieldFact::kMessage, wordy), text);
  }
  type = in(XsdSpace::kText);
  type.min_length = 4096;
  EXPECT_EQ(made(type).size(), 4096U);
  type.min_length = 4097;
  EXPECT_EQ(made(type), "none");
  type = in(XsdSpace::kName);
  type.max_length = 3;
  EXPECT_EQ(made(type), "x");
  EXPECT_EQ(made(in(XsdSpace::kUri), contract::FieldFact::kMessage), "about:blank");
}

TEST(XsdSimpleTest, NamesOfTypesAreQualified) {
  EXPECT_TRUE(is_built_in({kSchemaNamespace, "int"}));
  EXPECT_FALSE(is_built_in({kSchemaNamespace, "nonsense"}));
  EXPECT_FALSE(is_built_in({"urn:other", "int"}));
  EXPECT_THAT(text_of_x("<xsd:simpleType><xsd:restriction base='xsd:nonsense'/></xsd:simpleType>"),
              ::testing::HasSubstr(
                  "no simple type nonsense of http://www.w3.org/2001/XMLSchema is declared"));
  EXPECT_THAT(
      text_of_x("<xsd:simpleType xmlns=''><xsd:restriction base='nonsense'/></xsd:simpleType>"),
      ::testing::HasSubstr("no simple type nonsense is declared"));
  EXPECT_THAT(text_of_x("<xsd:simpleType><xsd:restriction base='tns:int'/></xsd:simpleType>"),
              ::testing::HasSubstr("no simple type int of urn:example:orders is declared"));
}

}  // namespace
}  // namespace intermission::wsdl
