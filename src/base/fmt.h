// <fmt/format.h> for files that hand its templates to another library: what formats is compiled
// once, in fmt.cc. Files that call fmt::format() alone need only <fmt/format.h>.
#pragma once

#include <fmt/format.h>

FMT_BEGIN_NAMESPACE
namespace detail {

extern template void vformat_to<char>(buffer<char>&, string_view, format_args, locale_ref);

}  // namespace detail
FMT_END_NAMESPACE
