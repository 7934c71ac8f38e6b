// What a request asks of a contract allocates nothing.
#include <gtest/gtest.h>

#include "support/allocations.h"
#include "wsdl/wsdl.h"
#include "wsdl/wsdl_in_memory.h"

namespace intermission::wsdl {
namespace {

TEST(AllocationTest, FindingAnOperationOfAWsdl) {
  auto files = files_in_memory({{"main.wsdl", wsdl_with("", {})}});
  const auto wsdl = *Wsdl::from(std::move(*files));
  bool found = false;
  EXPECT_EQ(
      testing::allocations_of([&] {
        const auto by_action = wsdl->find("urn:example:orders/GetOrder", {});
        const auto by_element = wsdl->find("urn:unknown", {"urn:example:orders", "DropOrder"});
        found = by_action.operation != nullptr && by_element.operation != nullptr &&
                wsdl->published().find("a=1&WSDL") != nullptr;
      }),
      0U);
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace intermission::wsdl
