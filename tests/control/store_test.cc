// What is saved is found again, byte by byte and whatever it is; what is damaged is set aside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <string>

#include "control/file_store.h"
#include "control/state_json.h"
#include "http/date.h"
#include "support/fake_clock.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace intermission::control {
namespace {

using ::testing::HasSubstr;

base::TimePoint at(const char* text) {
  return http::parse_rfc3339(text).value();
}

State full_state() {
  State state;
  state.version = 3;
  ServiceState& orders = state.services["orders"];
  orders.version = 3;
  orders.switched =
      base::Switch{true, at("2026-12-01T22:00:00Z"), at("2026-12-02T02:00:00Z"), true};
  orders.message = catalog::LocalizedText{{{"de",
                                            "Zur\xC3\xBC"
                                            "ck"},
                                           {"en", "\"quoted\"\n</script>"}}};
  orders.windows.push_back(
      {"w2", R"({"start":"2026-12-06T02:00:00Z","end":"2026-12-06T04:00:00Z"})"});
  orders.cancelled = {at("2026-12-08T00:00:00Z")};
  state.services["plain"].version = 2;
  state.services["shop"].switched = base::Switch{false, at("2026-12-01T00:00:00Z"), {}, false};
  state.audit = {{3, at("2026-12-01T22:00:00Z"), "orders", "on", "anna@ops"}};
  return state;
}

TEST(StateJson, HoldsEverything) {
  const auto read = state_from_json(state_to_json(full_state()), "f");
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, full_state());
}

TEST(StateJson, CutAnywhereItIsAnError) {
  const std::string text = state_to_json(full_state());
  for (std::size_t size = 0; size + 2 < text.size(); ++size) {
    EXPECT_FALSE(state_from_json(text.substr(0, size), "f")) << size;
  }
}

TEST(StateJson, SaysWhereItIsWrong) {
  std::string text = state_to_json(full_state());
  text.replace(text.find("\"to\":\"on\""), 9, "\"to\":\"up\"");
  const auto read = state_from_json(text, "f");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().text(), HasSubstr("/services/orders/switched/to"));
}

TEST(StateJson, ATimeThatIsNoneIsDamage) {
  for (const char* name : {"since", "until", "at"}) {
    std::string text = state_to_json(full_state());
    const auto value = text.find(std::string("\"") + name + "\":\"") + std::string(name).size() + 4;
    text.replace(value, 20, "2026-13-01T00:00:00Z");
    const auto read = state_from_json(text, "f");
    ASSERT_FALSE(read) << name;
    EXPECT_EQ(read.error().text(), "f: expected a time, got \"2026-13-01T00:00:00Z\"") << name;
  }
  std::string text = state_to_json(full_state());
  text.replace(text.find("\"2026-12-08T"), 22, "\"2026-13-08T00:00:00Z\"");
  text.replace(text.rfind("\"2026-12-01T"), 22, "\"2026-14-01T22:00:00Z\"");
  const auto read = state_from_json(text, "f");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().text(), "f: expected a time, got \"2026-13-08T00:00:00Z\"")
      << "the first of them";
}

TEST(StateJson, WhatIsNoTextIsDamage) {
  std::string text = state_to_json(full_state());
  text.replace(text.find("anna"), 4, "\xff\xfe\xc3(");
  EXPECT_FALSE(state_from_json(text, "f"));
}

// It must not bring the program down each time that it starts.
TEST(StateJson, NestingWithoutEndIsDamage) {
  const std::string deep(2'000'000, '[');
  EXPECT_FALSE(state_from_json(deep, "f"));
  std::string objects;
  for (int i = 0; i < 300'000; ++i) objects += "{\"a\":";
  EXPECT_FALSE(state_from_json(objects, "f"));
}

TEST(StateJson, WhatAnotherVersionWritesIsDamage) {
  std::string text = state_to_json(full_state());
  text.replace(text.find("\"format\":1"), 10, "\"format\":2");
  EXPECT_FALSE(state_from_json(text, "f"));
  text = state_to_json(full_state());
  text.replace(text.find("\"cancelled\""), 11, "\"cancelled2\"");
  EXPECT_FALSE(state_from_json(text, "f"));
}

bool is_saved(const Store::SaveResult& result) {
  return std::holds_alternative<Store::Saved>(result);
}

class FileStoreTest : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder_;
  testing::FakeClock clock_{at("2026-12-01T22:00:00Z")};
  const std::string path_ = (folder_.path() / "state.json").string();
  FileStore store_{path_, clock_};
};

TEST_F(FileStoreTest, WithoutAFileItIsEmpty) {
  const auto loaded = store_.load();
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(loaded->state, State());
  EXPECT_FALSE(loaded->trouble);
}

TEST_F(FileStoreTest, FindsWhatWasSavedLast) {
  EXPECT_TRUE(is_saved(store_.save(0, State())));
  EXPECT_TRUE(is_saved(store_.save(0, full_state())));
  const auto loaded = store_.load();
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(loaded->state, full_state());
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
}

TEST_F(FileStoreTest, WhatWasNotMadeFromTheStateKeptLastIsAConflict) {
  ASSERT_TRUE(is_saved(store_.save(0, full_state())));
  State next = full_state();
  next.version = 2;
  const auto result = store_.save(1, next);
  const auto* conflict = std::get_if<Store::Conflict>(&result);
  ASSERT_NE(conflict, nullptr);
  EXPECT_EQ(conflict->current, full_state());
  FileStore later(path_, clock_);
  EXPECT_EQ(later.load()->state, full_state()) << "the file is as it was";
  EXPECT_TRUE(std::holds_alternative<Store::Conflict>(later.save(1, next)));
  next.version = 4;
  EXPECT_TRUE(is_saved(later.save(3, next)));
}

TEST_F(FileStoreTest, SetsADamagedFileAside) {
  folder_.write("state.json", "{\"format\":1,");
  const auto loaded = store_.load();
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(loaded->state, State());
  ASSERT_TRUE(loaded->trouble);
  const std::string aside =
      path_ + ".damaged-" + std::to_string(clock_.now().time_since_epoch().count());
  EXPECT_THAT(loaded->trouble->text(), HasSubstr(aside));
  EXPECT_EQ(testing::read_file(aside), "{\"format\":1,");
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(FileStoreTest, IsForItsOwnerAlone) {
  ASSERT_TRUE(is_saved(store_.save(0, full_state())));
  EXPECT_EQ(std::filesystem::status(path_).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(FileStoreTest, RemovesWhatAKilledProcessLeft) {
  folder_.write("state.json.0123456789abcdef.new", "half");
  ASSERT_TRUE(store_.load());
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

// Or the next change would write over what operators did.
TEST_F(FileStoreTest, WhatCannotBeSetAsideIsAnError) {
  class NoRenames final : public base::SystemFiles {
   public:
    int rename(const std::string& /*from*/, const std::string& /*to*/) override {
      errno = EROFS;
      return -1;
    }
  };
  folder_.write("state.json", "{");
  FileStore store(path_, clock_, std::make_unique<NoRenames>());
  const auto loaded = store.load();
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().text(), HasSubstr(path_ + ": is damaged ("));
  EXPECT_THAT(loaded.error().text(), HasSubstr("cannot be set aside: Read-only file system"));
  EXPECT_EQ(testing::read_file(path_), "{");
}

TEST_F(FileStoreTest, WhatMayNotBeTrustedIsAnErrorAndStays) {
  folder_.write("victim", "{}");
  std::filesystem::create_symlink("victim", path_);
  EXPECT_FALSE(store_.load());
  EXPECT_TRUE(std::filesystem::is_symlink(path_));
}

TEST_F(FileStoreTest, WhereNothingCanBeWrittenSaysSo) {
  FileStore nowhere((folder_.path() / "none" / "state.json").string(), clock_);
  const auto result = nowhere.save(0, State());
  const auto* failure = std::get_if<Store::Failure>(&result);
  ASSERT_NE(failure, nullptr);
  EXPECT_THAT(failure->why.text(), HasSubstr("cannot be written"));
  EXPECT_FALSE(failure->is_in_doubt);
}

TEST(FileStore, SaysInWhichFileTheStateIs) {
  const testing::TemporaryFolder folder;
  const testing::FakeClock clock{at("2026-12-01T22:00:00Z")};
  const std::string path = (folder.path() / "state.json").string();
  const StoreStatus status = FileStore(path, clock).status();
  EXPECT_EQ(status.kind, "file");
  EXPECT_EQ(status.place, path);
}

}  // namespace
}  // namespace intermission::control
