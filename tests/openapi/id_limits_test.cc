#include "openapi/id_limits.h"

#include <gtest/gtest.h>

#include "support/temporary_folder.h"

namespace intermission::openapi {
namespace {

using testing::TemporaryFolder;

constexpr std::string_view kTrace = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr std::string_view kUuid = "4bf92f35-77b3-4da6-a3ce-929d0e0e4736";

/// The limits of ids in places with these schemas: members of one map, by "request" and "trace".
class Limits {
 public:
  explicit Limits(const std::string& schemas)
      : files_(*ApiFiles::open(folder_.write("api.yaml", schemas).string())) {
    understood = add("request", IdLimits::Kind::kRequest) && add("trace", IdLimits::Kind::kTrace);
  }

  std::string fit(std::string_view request, std::string_view trace) const {
    const auto ids = limits.fit({request, trace});
    return ids ? std::string(ids->request) + " " + std::string(ids->trace) : "nothing";
  }

  IdLimits limits;
  bool understood = false;

 private:
  bool add(std::string_view name, IdLimits::Kind kind) {
    const ApiNode schema = files_->root_place().node[name];
    if (!schema) return true;
    SchemaView view(*files_, SchemaDialect::kOpenApi31);
    view.add(schema);
    return limits.add(kind, view);
  }

  TemporaryFolder folder_;
  std::unique_ptr<ApiFiles> files_;
};

TEST(IdLimits, AskForNothingWhereNoIdIsSaid) {
  EXPECT_TRUE(IdLimits().empty());
  EXPECT_TRUE(IdLimits().fit({}));
}

TEST(IdLimits, TakeTheIdOfTheKindElseTheOther) {
  const Limits both("request: { type: string }\ntrace: { type: string }");
  EXPECT_EQ(both.fit("a", "b"), "a b");
  EXPECT_EQ(both.fit("a", ""), "a a");
  EXPECT_EQ(both.fit("", "b"), "b b");
  EXPECT_EQ(both.fit("", ""), "nothing");
}

TEST(IdLimits, PassOverWhatDoesNotFit) {
  EXPECT_EQ(Limits("request: { format: uuid }").fit("abc", kTrace), "nothing");
  EXPECT_EQ(Limits("request: { format: uuid }").fit(kUuid, ""), std::string(kUuid) + " ");
  EXPECT_EQ(Limits("request: { minLength: 4 }").fit("abc", ""), "nothing");
  EXPECT_EQ(Limits("request: { maxLength: 3 }").fit("abc", ""), "abc ");
  EXPECT_EQ(Limits("request: { maxLength: 2 }").fit("abc", ""), "nothing");
  const Limits trace("trace: { pattern: '^[0-9a-f]{32}$' }");
  EXPECT_EQ(trace.fit("abc", kTrace), "abc " + std::string(kTrace));
  EXPECT_EQ(trace.fit(kTrace, "abc"), std::string(kTrace) + " " + std::string(kTrace));
  EXPECT_EQ(trace.fit("abc", "def"), "nothing");
}

TEST(IdLimits, HoldAllAtOnce) {
  Limits one("request: { allOf: [{ minLength: 3 }, { maxLength: 3 }, { pattern: ^a }] }");
  EXPECT_EQ(one.fit("abc", ""), "abc ");
  EXPECT_EQ(one.fit("bcd", ""), "nothing");
  one.limits.merge(Limits("request: { pattern: c$ }").limits);
  EXPECT_EQ(one.fit("abc", ""), "abc ");
  EXPECT_EQ(one.fit("abd", ""), "nothing");
}

TEST(IdLimits, PromiseNothingThatTheyDoNotUnderstand) {
  EXPECT_FALSE(Limits("request: { pattern: '(?=a)' }").understood);
  EXPECT_FALSE(Limits("request: { not: { const: a } }").understood);
  EXPECT_FALSE(Limits("request: { if: { const: a }, then: { maxLength: 1 } }").understood);
}

TEST(IdLimits, AnIdHasAtLeastACharacterWhateverTheSchemaAllows) {
  for (const char* schema : {"request: { minLength: 0 }", "request: { minLength: 1 }",
                             "request: { minLength: -1 }", "request: { pattern: '' }"}) {
    EXPECT_EQ(Limits(schema).fit("", ""), "nothing") << schema;
    EXPECT_EQ(Limits(schema).fit("a", ""), "a ") << schema;
  }
  EXPECT_EQ(Limits("request: { minLength: 2 }").fit("ab", ""), "ab ");
  EXPECT_EQ(Limits("request: { minLength: 2 }").fit("a", ""), "nothing");
  EXPECT_EQ(Limits("request: { maxLength: 0 }").fit("a", ""), "nothing");
  EXPECT_EQ(Limits("request: { maxLength: -1 }").fit("a", ""), "nothing");
  EXPECT_EQ(Limits("request: { minLength: 2000000 }").fit("a", ""), "nothing");
}

}  // namespace
}  // namespace intermission::openapi
