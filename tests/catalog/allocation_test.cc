// Finding the service of a request allocates nothing: this program's operator new counts.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "catalog/catalog.h"

namespace {
thread_local std::size_t allocations = 0;
}

// Not inlined, or GCC 12 sees free() meet operator new and warns.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace intermission::catalog {
namespace {

TEST(CatalogAllocation, NoneOnTheWayToAService) {
  std::vector<Service> services(3);
  services[0].hosts = {"a-host-name-too-long-for-the-small-string-buffer.example.com"};
  services[0].paths = {"/", "/a/path/that/is/too/long/for/the/small/string/buffer"};
  services[1].hosts = {"*.wildcards-that-are-longer-than-that.example.com"};
  services[1].paths = {"/"};
  services[2].paths = {"/only/this/one/on/every/host"};
  const Catalog catalog(services, Service{});
  const std::size_t before = allocations;
  std::size_t sum = 0;
  sum += catalog.find("A-host-name-too-long-for-the-small-string-buffer.example.com", "/");
  sum += catalog.find("a-host-name-too-long-for-the-small-string-buffer.example.com",
                      "/a/path/that/is/too/long/for/the/small/string/buffer/x");
  sum += catalog.find("x.y.wildcards-that-are-longer-than-that.example.com", "/anything/at/all");
  sum += catalog.find("unknown.example.com", "/only/this/one/on/every/host/below");
  sum += catalog.find("unknown.example.com", "/nothing/of/it");
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(sum, 0U + 0U + 1U + 2U + 3U);
}

TEST(CatalogAllocation, TheCounterCounts) {
  const std::size_t before = allocations;
  const std::string text(1000, 'x');
  EXPECT_GT(allocations, before) << text.size();
}

}  // namespace
}  // namespace intermission::catalog
