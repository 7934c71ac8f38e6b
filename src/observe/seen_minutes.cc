#include "observe/seen_minutes.h"

#include <algorithm>

namespace intermission::observe {
namespace {

constexpr std::size_t kWordBits = 64;
constexpr std::size_t kHashes = 4;

std::uint64_t mixed(std::uint64_t hash) {
  hash ^= hash >> 33;
  hash *= 0xff51'afd7'ed55'8ccd;
  hash ^= hash >> 33;
  return hash;
}

}  // namespace

SeenMinutes::SeenMinutes() {
  for (Minute& minute : minutes_) minute.bits.resize(kBits / kWordBits);
}

unsigned SeenMinutes::note(std::size_t hash, std::int64_t number) {
  Minute& now = minutes_[static_cast<std::size_t>(number) % kMinutes];
  if (now.number != number) {
    now.number = number;
    std::fill(now.bits.begin(), now.bits.end(), 0);
  }
  std::array<std::size_t, kHashes> places{};
  std::uint64_t at = mixed(hash);
  const std::uint64_t step = mixed(at) | 1U;
  for (std::size_t& place : places) {
    place = at % kBits;
    at += step;
  }
  for (const std::size_t place : places) {
    now.bits[place / kWordBits] |= std::uint64_t{1} << place % kWordBits;
  }
  const auto has_all = [&](const Minute& minute) {
    return number - minute.number < static_cast<std::int64_t>(kMinutes) && minute.number >= 0 &&
           std::all_of(places.begin(), places.end(), [&](std::size_t place) {
             return (minute.bits[place / kWordBits] >> place % kWordBits & 1U) != 0;
           });
  };
  return static_cast<unsigned>(std::count_if(minutes_.begin(), minutes_.end(), has_all));
}

}  // namespace intermission::observe
