// The style of the page: what all themes share, one theme, and the operator's colours, without
// the parts that a visitor's hints say are not needed.
//
// A style sheet of ours is one file in sections. What stands before the first mark is for
// everybody:
//
//   h1{font-size:2rem}
//   /* @light */    declarations of the root, where the visitor prefers light or says nothing
//   /* @dark */     the same for dark
//   /* @wide */     rules for wide windows
//   /* @motion */   rules for visitors who do not mind motion
//   /* @others */   rules for engines other than Chromium
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "catalog/service.h"
#include "page/notice.h"

namespace intermission::page {

/// Their names, the default first.
std::span<const std::string_view> theme_names();

std::string page_style(const catalog::PageSettings& settings, const Fit& fit);

/// What a theme draws, as HTML; empty where it draws nothing.
std::string_view theme_picture(std::string_view theme);

}  // namespace intermission::page
