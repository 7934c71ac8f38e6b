#include "document/core_schema.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace intermission::document {

void PrintTo(PlainKind kind, std::ostream* out) {
  *out << static_cast<int>(kind);
}

namespace {

TEST(CoreSchema, Kinds) {
  struct Row {
    PlainKind kind;
    std::vector<std::string_view> texts;
  };
  const std::vector<Row> rows = {
      {PlainKind::kNull, {"", "~", "null", "Null", "NULL"}},
      {PlainKind::kBoolean, {"true", "True", "TRUE", "false", "False", "FALSE"}},
      {PlainKind::kInteger,
       {"0", "-0", "+5", "007", "18446744073709551615", "-9223372036854775808", "0o17", "0x1fF"}},
      {PlainKind::kFloat,
       {"1.", ".5", "-.5e3", "+1e-3", "1E+3", "0.0", "18446744073709551616",
        "-9223372036854775809"}},
      {PlainKind::kNotFinite, {".inf", "-.Inf", "+.INF", ".nan", ".NaN", ".NAN"}},
      {PlainKind::kOutOfRange,
       {"1e999", "-1e999", "0xfffffffffffffffff", "0o7777777777777777777777"}},
      {PlainKind::kText,
       {"on",  "off",  "yes",   "no",  "nULL", "tRue",  "1_000", "12:30", "2026-12-01",
        "0b1", "0o8",  "0o",    "0x",  "0xg",  "0o-7",  "0x-f",  "+",     "-",
        ".",   "+.",   "e3",    "1e",  "1e+",  "1.e3x", "1 2",   "-0x1",  "inf",
        "nan", ".iNf", "-.nan", "+-1", "--1",  "1.2.3", " 1",    "1 ",    "Infinity"}},
  };
  for (const Row& row : rows) {
    for (const std::string_view text : row.texts) {
      EXPECT_EQ(resolve_plain(text).kind, row.kind) << "\"" << text << "\"";
    }
  }
}

TEST(CoreSchema, Values) {
  EXPECT_EQ(resolve_plain("0x1F").value.GetInt(), 31);
  EXPECT_EQ(resolve_plain("0o17").value.GetInt(), 15);
  EXPECT_EQ(resolve_plain("010").value.GetInt(), 10);
  EXPECT_EQ(resolve_plain("+12").value.GetInt(), 12);
  EXPECT_EQ(resolve_plain("-9223372036854775808").value.GetInt64(), INT64_MIN);
  EXPECT_EQ(resolve_plain("18446744073709551615").value.GetUint64(), UINT64_MAX);
  EXPECT_DOUBLE_EQ(resolve_plain("-.5e3").value.GetDouble(), -500.0);
  EXPECT_DOUBLE_EQ(resolve_plain("18446744073709551616").value.GetDouble(), 18446744073709551616.0);
  EXPECT_TRUE(resolve_plain("TRUE").value.GetBool());
  EXPECT_FALSE(resolve_plain("False").value.GetBool());
}

}  // namespace
}  // namespace intermission::document
