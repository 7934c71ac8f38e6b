// What is saved is found again, byte by byte and whatever it is; what is damaged is set aside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
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
  EXPECT_FALSE(store_.save(State()));
  EXPECT_FALSE(store_.save(full_state()));
  const auto loaded = store_.load();
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(loaded->state, full_state());
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
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

TEST_F(FileStoreTest, WhereNothingCanBeWrittenSaysSo) {
  FileStore nowhere((folder_.path() / "none" / "state.json").string(), clock_);
  const auto error = nowhere.save(State());
  ASSERT_TRUE(error);
  EXPECT_THAT(error->text(), HasSubstr("cannot be written"));
}

}  // namespace
}  // namespace intermission::control
