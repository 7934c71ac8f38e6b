// Who has a change in force, what is wrong among instances, and waiting for all of them.
#include "control/instance_wait.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace intermission::control {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Instance instance(std::string name, std::uint64_t version, int ago = 0) {
  Instance one;
  one.name = std::move(name);
  one.version = version;
  one.configuration = "same";
  one.ago = base::Seconds{ago};
  return one;
}

/// A store whose instances a test may change between two looks.
class Listed final : public Store {
 public:
  base::Result<Loaded> load() override { return Loaded{}; }
  SaveResult save(std::uint64_t /*expected*/, const State& /*next*/) override { return Saved{}; }
  bool is_shared() const override { return shared; }
  std::vector<Instance> instances(std::chrono::milliseconds /*patience*/) override { return all; }

  bool shared = true;
  std::vector<Instance> all;
};

std::vector<Instance> self_and(Instance other) {
  Instance self = instance("self", 7);
  self.is_self = true;
  return {self, std::move(other)};
}

TEST(InstancesBehind, AreThoseThatLiveAndHaveAnOlderVersion) {
  Instance self = instance("self", 1);
  self.is_self = true;
  const auto behind =
      instances_behind({self, instance("current", 7), instance("later", 8), instance("behind", 6),
                        instance("gone", 6, static_cast<int>(kLiving.count()))},
                       7);
  ASSERT_EQ(behind.size(), 1U);
  EXPECT_EQ(behind[0].name, "behind");
}

TEST(InstanceWarnings, TellOfConfigurationsThatDifferAndOfWhatIsHeldAlone) {
  Instance other = instance("b", 1);
  EXPECT_THAT(instance_warnings({instance("a", 1), other}), IsEmpty());
  other.configuration = "another";
  other.held = "orders, shop";
  EXPECT_THAT(instance_warnings({instance("a", 1), other}),
              ElementsAre(HasSubstr("2 different configurations"),
                          "b alone has in maintenance: orders, shop"));
  EXPECT_THAT(instance_warnings({instance("a", 1), other, instance("c", 1)}),
              Contains(HasSubstr("2 different configurations")));
  other.ago = base::Seconds{60};
  EXPECT_THAT(instance_warnings({instance("a", 1), other}), IsEmpty()) << "it is gone";
}

TEST(InstancesInJson, HaveAllThatIsKnownOfThem) {
  Instance one = instance("a", 7, 3);
  one.id = "i1";
  one.address = "host:8080";
  one.program = "0.2.0";
  one.held = "shop";
  one.is_self = true;
  JsonText json;
  write_instances({one}, json.begin_object());
  json.end_object();
  EXPECT_EQ(json.text(),
            R"({"instances":[{"id":"i1","name":"a","address":"host:8080","program":"0.2.0",)"
            R"("configuration":"same","version":7,"held":"shop","seenSecondsAgo":3,)"
            R"("living":true,"self":true}],"warnings":["a alone has in maintenance: shop"]})");
}

TEST(InstanceWait, EndsWhenAllHaveIt) {
  Listed store;
  InstanceWait wait(store, 7, std::chrono::minutes{1}, R"({"name":"orders")");
  std::string out;
  EXPECT_TRUE(wait.read(out)) << "no instance is known yet";
  store.all = self_and(instance("b", 6));
  EXPECT_TRUE(wait.read(out));
  EXPECT_EQ(out, "");
  store.all = self_and(instance("b", 7));
  EXPECT_FALSE(wait.read(out));
  EXPECT_EQ(out, R"({"name":"orders","instances":{"inForce":2,"missing":[]}})");
}

TEST(InstanceWait, NamesThoseThatDoNotHaveItWhenTimeIsUp) {
  Listed store;
  store.all = self_and(instance("b \"1\"", 6, 3));
  InstanceWait wait(store, 7, std::chrono::milliseconds{0}, "{\"x\":1");
  std::string out;
  EXPECT_FALSE(wait.read(out));
  EXPECT_EQ(out,
            "{\"x\":1,\"instances\":{\"inForce\":1,\"missing\":"
            "[{\"name\":\"b \\\"1\\\"\",\"version\":6,\"seenSecondsAgo\":3}]}}");
}

TEST(InstanceWait, WithoutASharedStateThereIsNothingToWaitFor) {
  Listed store;
  store.shared = false;
  InstanceWait wait(store, 7, std::chrono::minutes{1}, "{\"x\":1");
  std::string out;
  EXPECT_FALSE(wait.read(out));
  EXPECT_EQ(out, "{\"x\":1,\"instances\":{\"inForce\":1,\"missing\":[]}}");
}

}  // namespace
}  // namespace intermission::control
